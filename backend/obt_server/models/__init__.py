"""Which models are installed where."""
