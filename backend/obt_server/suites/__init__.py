"""Suites: the shipped ones, and every one that was ever run, by the hash of its content."""
