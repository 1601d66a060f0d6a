"""The OBT client: runs beside an Ollama, measures it, reports to the server."""

__version__ = "0.1.0"
