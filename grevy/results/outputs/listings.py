"""Listings: section 16.2 of ICH E3, and what is doubtful in the data."""

from functools import partial

from grevy.results.issues import list_issues
from grevy.results.labels import Label
from grevy.results.listings import count_entries
from grevy.results.outputs.declared import Output
from grevy.results.outputs.patient_listings import ALL_LISTINGS

LISTINGS = (
    *(
        Output(
            listing.id,
            listing.title,
            listing.analysis_set,
            partial(count_entries, listing=listing),
            listing.switches,
        )
        for listing in ALL_LISTINGS
    ),
    Output(
        "L-issues",
        Label("Data issues", "数据问题"),
        "SCREENED",
        list_issues,
        ("recist.same_date", "recist.response_source", "dates.ae_start", "dates.death"),
    ),
)
