"""Statistics on arrays: what is estimated, tested and modeled, equal to R where R does the same.

Pure functions on NumPy arrays. They know no study, no data set and no file; seeds are passed. A method that
can fail says so with a `NoEstimate` and its reason, never with a silent blank. Reference values:
`tests/reference`.
"""
