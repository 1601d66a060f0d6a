"""Databases as a whole: whether one is well, from one into another, into a file and back."""
