"""Sessions: what a person asked for. Their state is derived from their jobs."""
