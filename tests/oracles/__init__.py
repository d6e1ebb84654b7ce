"""The second programmer: response and endpoints again, one subject at a time, from the guideline alone."""
