"""Listings: section 16.2 of ICH E3, and what is doubtful in the data."""

from grevy.results.issues import list_issues
from grevy.results.labels import Label
from grevy.results.outputs.declared import Output

LISTINGS = (
    Output(
        "L-issues",
        Label("Data issues", "数据问题"),
        "SCREENED",
        list_issues,
        ("recist.same_date", "recist.response_source", "dates.ae_start", "dates.death"),
    ),
)
