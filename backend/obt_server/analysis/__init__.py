"""Comparing results, and series over time: what differs, by how much, how sure, and what else changed."""
