"""What the server and the client of OBT share: wire models, metric definitions, statistics."""

__version__ = "0.1.0"
