"""Settings of the client: environment variables that start with OBT_, or a file `.env` where it is started."""

import os
import platform
import ssl
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from obt_client.address import is_this_machine, url_of, url_of_host
from obt_core.key_pin import parse_pin
from obt_core.operations import Allowed
from obt_core.registries import RegistryHost
from obt_core.wire import HEARTBEAT_INTERVAL_S, ClientId, Label

_PREFIX = "OBT_"
_SECRET = "enrol_token"  # noqa: S105 - the name of a setting


class SettingsError(Exception):
    """Settings that cannot be used. Its text names each variable, what was given, and what would be right."""


def _server_url(text: str) -> str:
    parts = urlsplit(text.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("it is no http:// or https:// address")
    if parts.username or parts.password:
        raise ValueError("it holds a name or a password; the client signs in with its own key")
    _ = parts.port  # raises ValueError where the port is no port
    return text.strip().rstrip("/")


def _authorities(path: Path) -> Path:
    """Refuse at the start what no connection could be made with."""
    try:
        ssl.create_default_context(cafile=path)
    except (OSError, ssl.SSLError) as error:
        raise ValueError(f"it is no file with certificates in PEM ({error})") from None
    return path


def _split(value: object) -> object:
    return tuple(part for part in value.replace(",", " ").split() if part) if isinstance(value, str) else value


Registries = Annotated[tuple[RegistryHost, ...], NoDecode, BeforeValidator(_split)]


def _host_name() -> str:
    return platform.node() or "client"


def _url_from_ollama_host() -> str:
    return url_of_host(os.environ.get("OLLAMA_HOST", ""))


class Settings(BaseSettings):
    """Every setting has a name with its unit. The defaults serve one machine that runs server, client and Ollama."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    server_url: Annotated[str, AfterValidator(_server_url)] = Field(
        default="http://127.0.0.1:8881", description="Address of the OBT server, such as https://obt.example.org."
    )
    server_ca: Annotated[Path, AfterValidator(_authorities)] | None = Field(
        default=None,
        description="File of the authorities (PEM) that may vouch for the server, instead of the system's.",
    )
    server_pin: Annotated[str, AfterValidator(parse_pin)] | None = Field(
        default=None, description="Key that the server must have, as it prints at its start: sha256//..."
    )
    enrol_token: SecretStr | None = Field(
        default=None, description="Enrolment token, made with `obt-server token create`; needed once."
    )
    client_name: Label = Field(
        default_factory=_host_name, description="Name shown for this machine, 1 to 120 characters; else its host name."
    )
    client_id: ClientId | None = Field(
        default=None,
        description="Identity, 3 to 64 of a-z, 0-9 and '-', kept once enrolled; else host name and 6 random digits.",
    )
    heartbeat_interval_s: float = Field(
        default=HEARTBEAT_INTERVAL_S, gt=0, le=3_600, description="Time between heartbeats, in seconds, up to 3600."
    )
    client_data_dir: Path = Field(
        default_factory=lambda: user_data_path("obt-client", appauthor=False),
        description="Folder of the identity, its key and the samples that are not delivered yet.",
    )
    ollama_url: Annotated[str, AfterValidator(url_of)] = Field(
        default_factory=_url_from_ollama_host,
        description="Where Ollama listens, such as http://127.0.0.1:11434; else what OLLAMA_HOST says.",
    )
    allow_remote_ollama: bool = Field(
        default=False, description="true: measure an Ollama on another machine, whose hardware is then unknown."
    )
    allow: Allowed = Field(
        default=Allowed.BENCHMARKS,
        description="What the server may ask: `nothing`, `benchmarks`, or `models`: to change what is installed too.",
    )
    allow_registries: Registries = Field(
        default=(), max_length=20, description="Hosts beside Ollama's own to pull models from, such as hf.co; commas."
    )
    ollama_watch_s: float = Field(
        default=2, gt=0, le=3_600, description="How often an idle client looks at its Ollama, in seconds."
    )
    ollama_wait_s: float = Field(
        default=30, ge=0, le=86_400, description="How long a job waits for an Ollama that went away, in seconds."
    )
    telemetry_interval_s: float = Field(
        default=1, ge=0, le=60, description="How often the machine is looked at during a job, in seconds; 0: never."
    )
    guard_cpu_percent: float = Field(
        default=10, ge=0, le=100, description="Foreign use of all cores that disturbs a sample, in percent; 100: none."
    )
    guard_gpu_percent: float = Field(
        default=10, ge=0, le=100, description="Foreign use of a GPU that disturbs a sample, in percent; 100: none."
    )
    guard_swap_mib_per_s: float = Field(
        default=1, ge=0, le=1e6, description="Swapping that disturbs a sample, in MiB a second."
    )
    quiet_wait_s: float = Field(
        default=5, ge=0, le=86_400, description="How long a job waits at its start for a quiet processor, in seconds."
    )
    drain_s: float = Field(
        default=30, ge=0, le=86_400, description="How long a client that was told to stop ends its job, in seconds."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="Least level logged.")
    log_format: Literal["text", "json"] = Field(default="text", description="Lines for people or for programs.")

    @model_validator(mode="after")
    def _pin_needs_tls(self) -> Self:
        """Where there is no TLS there is no key to look at, and nobody is to believe that there was."""
        if self.server_pin and "server_url" in self.model_fields_set and self.server_url.startswith("http://"):
            raise ValueError("OBT_SERVER_PIN needs an https:// address in OBT_SERVER_URL")
        return self

    @property
    def data_dir(self) -> Path:
        """Folder of the identity, its key and the outbox."""
        return self.client_data_dir

    @property
    def ollama_is_remote(self) -> bool:
        """Whether Ollama runs on another machine than this client."""
        return not is_this_machine(self.ollama_url)


def variable_of(field: str) -> str:
    """Return the environment variable of a setting."""
    return f"{_PREFIX}{field}".upper()


def load_settings(**overrides: object) -> Settings:
    """Read the settings; `overrides` that are not None go before the environment. Raises SettingsError."""
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]  # every value is validated
    except ValidationError as error:
        raise SettingsError("\n".join(_sentences(error))) from None


def _sentences(error: ValidationError) -> Iterable[str]:
    for wrong in error.errors(include_url=False):
        field = str(wrong["loc"][0]) if wrong["loc"] else ""
        known = Settings.model_fields.get(field)
        given = "(hidden)" if field == _SECRET else repr(str(wrong["input"]))
        reason = str(wrong["msg"]).removeprefix("Value error, ")
        yield f"{variable_of(field)}={given}: {reason}. Right would be: {known.description if known else 'nothing'}"


def refuse_remote_ollama(settings: Settings) -> None:
    """Raise SettingsError where Ollama runs on another machine and nobody said that it may."""
    if settings.ollama_is_remote and not settings.allow_remote_ollama:
        raise SettingsError(
            f"The Ollama at {settings.ollama_url} (OBT_OLLAMA_URL, or OLLAMA_HOST) is on another machine. Run the "
            "client there, or set OBT_ALLOW_REMOTE_OLLAMA=true: the hardware is then recorded as unknown, and the "
            "network is in every latency."
        )
