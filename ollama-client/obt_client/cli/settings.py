"""Settings of a command that prints a report: read, or refused with the reason."""

from obt_client.cli.exits import MISUSED, failure
from obt_client.config import Settings, SettingsError, load_settings
from obt_client.logs import configure


def quiet_settings(**overrides: object) -> Settings:
    """Read the settings; what would be logged is in the report already, so errors alone are. Raises typer.Exit."""
    try:
        settings = load_settings(**overrides)
    except SettingsError as error:
        raise failure(str(error), MISUSED) from None
    configure("error", settings.log_format)
    return settings
