"""Addresses of the pages."""

from django.urls import path

from grevy.capture import views

urlpatterns = [
    path("", views.start, name="start"),
    path("log-in/", views.log_in, name="log_in"),
    path("log-out/", views.log_out, name="log_out"),
    path("language/", views.set_language, name="set_language"),
    path("report/", views.report, name="report"),
]

handler403 = views.refused
handler404 = views.not_found
handler500 = views.failed
