"""The hardware of clients, with its history, so that a result points at the machine as it was."""
