"""Claims as exercises: find the formula; simulation judges the answer."""
