"""What `make bench` prints."""

from benchmarks.lesions_to_endpoints import table

table()
