"""Results as files: one self-contained report, and tables for other programs."""
