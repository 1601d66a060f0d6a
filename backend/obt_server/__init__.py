"""The OBT server: REST and WebSocket API, orchestration, the dashboard."""

__version__ = "0.1.0"
