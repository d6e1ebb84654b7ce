"""Grevy: runs and analyses a single-arm oncology study, every number traceable to its entries."""
