"""How uvicorn is configured."""

from fastapi import FastAPI
from uvicorn import Config

from obt_server.config import Settings
from obt_server.transport.http import PatientHttp
from obt_server.transport.tls import Certificate
from obt_server.transport.websocket import MESSAGE_MAX_BYTES, QuietSocket

SHUTDOWN_S = 20
"""Requests that were begun have so long to end; the units and Compose files of `deploy/` wait for longer."""
KEEP_ALIVE_S = 75
"""A client whose beats are not held asks again over its connection; a proxy drops its own idle ones before, at 60 s."""


def uvicorn_config(app: FastAPI, shutdown_s: int = SHUTDOWN_S, certificate: Certificate | None = None) -> Config:
    """Configure uvicorn. Only headers of proxies that the settings name are believed: anybody may send one."""
    settings: Settings = app.state.settings
    patience = {"patience_s": settings.slow_client_s}
    config = Config(
        app,
        http=type("Http", (PatientHttp,), patience),
        ws=type("Socket", (QuietSocket,), patience),
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=shutdown_s,
        ws_max_size=MESSAGE_MAX_BYTES,
        ssl_context_factory=None if certificate is None else lambda _config, _default: certificate.context,
    )
    return config  # noqa: RET504 - its type is plain here
