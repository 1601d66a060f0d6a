"""What a route gets of the application beside its session: the time and the settings."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from obt_server.config import Settings


def get_now(connection: HTTPConnection) -> datetime:
    """Return the application's time."""
    return connection.app.state.clock.now()


def get_settings(connection: HTTPConnection) -> Settings:
    """Return the application's settings."""
    return connection.app.state.settings


Now = Annotated[datetime, Depends(get_now)]
SettingsOf = Annotated[Settings, Depends(get_settings)]
