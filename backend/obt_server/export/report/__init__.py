"""A report of results as one HTML page. Pure: values in, text out; every text of a value is escaped."""
