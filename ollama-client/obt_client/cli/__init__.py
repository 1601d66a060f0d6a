"""The command line: one file a command, and what they share. Imports that take long stand inside of functions."""
