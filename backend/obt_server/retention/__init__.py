"""What is too old goes: counted before, archived, then taken away a few rows at a time."""
