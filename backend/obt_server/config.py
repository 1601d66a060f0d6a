"""Settings of the server: environment variables that start with OBT_, a file `.env`, or a file for each secret."""

import os
import re
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from platformdirs import user_data_path
from psycopg import Error as PsycopgError
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

from obt_core.jobs import LEASE_S
from obt_server.config_parts import PostgresqlSettings, RetentionSettings
from obt_server.setting_types import Limits, Names, Networks, Values

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")
DEFAULT_PORT = 8881
_PUBLIC_URL = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")


class Settings(PostgresqlSettings, RetentionSettings):
    """Every setting has a name with its unit. The defaults serve one machine with nobody else on it."""

    model_config = SettingsConfigDict(env_prefix="OBT_", env_file=".env", extra="ignore", frozen=True)

    secrets_dir: Path | None = Field(
        default=None,
        description="Folder of files such as obt_database_url that hold a setting each; else systemd's credentials.",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=DEFAULT_PORT, ge=0, le=65_535, description="Port to listen on; 0 takes a free one.")
    data_dir: Path = Field(
        default_factory=lambda: user_data_path("obt-server", appauthor=False),
        description="Folder of the SQLite database, its copies and the lock.",
    )
    database_url: str | None = Field(
        default=None, description="PostgreSQL, as postgresql://user@host/name. Without it: SQLite in the data folder."
    )
    allowed_hosts: Names = Field(default=(), description="Further host names of this server, with commas between.")
    allowed_origins: Names = Field(default=(), description="Further origins whose pages may call it, with commas.")
    public_url: str | None = Field(
        default=None, description="Address by which others reach this server, such as https://obt.example.net."
    )
    tls_cert: Path | None = Field(
        default=None, description="Certificate, with its chain, in PEM: the server then speaks HTTPS alone."
    )
    tls_key: Path | None = Field(default=None, description="Its key in PEM, without a password, if in another file.")
    trusted_proxies: Networks = Field(
        default=(), description="Addresses or networks of proxies whose X-Forwarded- headers are believed; commas."
    )
    slow_client_s: float = Field(
        default=30,
        gt=0,
        le=3_600,
        description="A request's next part, or the taking of a reply, may last so long, in s.",
    )
    rate_address_per_min: int = Field(
        default=6_000, ge=0, description="Requests a minute from one address by senders not known yet; 0: no limit."
    )
    rate_client_per_min: int = Field(default=3_000, ge=0, description="Requests a minute of one client; 0: no limit.")
    rate_person_per_min: int = Field(
        default=6_000, ge=0, description="Requests a minute of one person's browsers; 0: no limit."
    )
    rate_key_per_min: int = Field(default=3_000, ge=0, description="Requests a minute with one API key; 0: no limit.")
    sockets_max: int = Field(
        default=100, ge=1, description="Live connections at once of one person, or of one address before that is known."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="Least level logged.")
    log_format: Literal["text", "json"] = Field(default="text", description="Lines for people or for programs.")
    log_requests: bool = Field(
        default=False, description="true: a line for each request, at level info; else at debug alone."
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="What Prometheus may show at /metrics, 16 characters or more, instead of an API key.",
    )
    metrics_clients_max: int = Field(
        default=200, ge=0, description="Clients with metrics of their own; where there are more, none has; 0: never."
    )
    max_body_bytes: int = Field(default=4 * 2**20, ge=1_024, description="Longest request body, in bytes.")
    heartbeat_interval_s: float = Field(default=10, gt=0, le=3_600, description="Interval told to new clients, in s.")
    held_heartbeats_max: int = Field(
        default=5_000, ge=0, description="Beats held at once; beyond it, answered at once."
    )
    hold_max_s: float = Field(default=10, gt=0, le=300, description="Longest time that a beat is held, in seconds.")
    drain_s: float = Field(
        default=0,
        ge=0,
        le=300,
        description="Asked to stop, it serves on for so long while it calls itself not ready: for a proxy, in s.",
    )
    stale_after_s: float = Field(default=30, gt=0, description="Silence after which a client is stale, in seconds.")
    offline_after_s: float = Field(default=60, gt=0, description="Silence after which a client is offline, in seconds.")
    clock_apart_s: float = Field(
        default=2, gt=0, description="A client's clock is called wrong from so far on beside the server's, in s."
    )
    restart_grace_s: float = Field(default=60, ge=0, description="After a start nobody is called offline for so long.")
    retention_days: float = Field(default=30, gt=0, description="Clients gone for so long are archived, in days.")
    presence_flush_s: float = Field(default=3, gt=0, description="How often presence is written down, in seconds.")
    sweep_interval_s: float = Field(default=2, gt=0, description="How often leases and presence are judged, in s.")
    lease_s: float = Field(default=LEASE_S, gt=0, description="A job whose client was silent so long is lost, in s.")
    offline_wait_s: float = Field(
        default=3_600, gt=0, description="A queued job waits so long for an offline client, in seconds; then skipped."
    )
    result_fresh_days: float = Field(
        default=7, ge=0, le=3_650, description="A clean result may stand for a measurement for so long, in days."
    )
    writers_max: int = Field(
        default=500, ge=1, description="Requests that write or wait to write at once; others are told to come back."
    )
    running_jobs_max: int = Field(default=1_000, ge=1, description="Jobs that run at once, over all clients.")
    running_jobs_max_per_tag: Limits = Field(
        default={}, description="Jobs that run at once on clients with a tag, such as lab-a=4, lab-b=2."
    )
    link_valid_s: float = Field(default=3_600, gt=0, description="How long a sign-in link is good for, in seconds.")
    sign_in_guesses: int = Field(
        default=5,
        ge=1,
        le=1_000,
        description="Wrong passwords for a name before a wait; of an address 4 times.",
    )
    sign_in_wait_max_s: float = Field(
        default=300, ge=1, le=86_400, description="Longest wait after wrong passwords, in seconds."
    )
    oidc_issuer: str | None = Field(
        default=None, description="OpenID Connect: the provider's issuer, such as https://id.example.net."
    )
    oidc_client_id: str | None = Field(default=None, description="What the provider calls this server.")
    oidc_client_secret: SecretStr | None = Field(default=None, description="What this server shows the provider.")
    oidc_scopes: str = Field(default="openid profile email", description="What is asked of the provider.")
    oidc_role_claim: str = Field(default="groups", description="Claim of the ID token whose values give roles.")
    oidc_administrators: Values = Field(default=(), description="Values of it for administrators, with commas.")
    oidc_operators: Values = Field(default=(), description="Values of it for operators, with commas.")
    oidc_viewers: Values = Field(default=(), description="Values of it for viewers, with commas.")
    oidc_default_role: Literal["viewer", "operator", "administrator"] | None = Field(
        default=None, description="Role of whom the provider knows and no value fits; without it they are refused."
    )
    guest_view: bool = Field(default=False, description="true: who is not signed in may read everything.")
    browser_session_s: float = Field(default=30 * 86_400, gt=0, description="How long a sign-in lasts, in seconds.")
    static_dir: Path | None = Field(default=None, description="The built dashboard, when not the one in the package.")
    downloads_dir: Path | None = Field(
        default=None, description="Folder of fetched third-party wheels, when not `downloads` in the data folder."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read files of secrets last: what the environment says goes before them."""
        folder = os.environ.get("OBT_SECRETS_DIR") or os.environ.get("CREDENTIALS_DIRECTORY")
        if folder:
            file_secret_settings = SecretsSettingsSource(settings_cls, secrets_dir=folder)
        return init_settings, env_settings, dotenv_settings, file_secret_settings

    @field_validator("secrets_dir")
    @classmethod
    def _is_a_folder(cls, folder: Path | None) -> Path | None:
        if folder is not None and not folder.is_dir():
            raise ValueError(f"there is no folder {folder}")
        return folder

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("postgresql://", "postgres://")):
            raise ValueError("must begin with postgresql:// (without it, SQLite in OBT_DATA_DIR is used)")
        try:
            conninfo_to_dict(url or "")
        except PsycopgError:  # its text would repeat the password
            raise ValueError("is no address that PostgreSQL's library can read") from None
        return url

    @field_validator("public_url")
    @classmethod
    def _is_plain_address(cls, url: str | None) -> str | None:
        """It is written into scripts that people run."""
        if not url:
            return None
        address = url.strip().rstrip("/").lower()
        if not _PUBLIC_URL.fullmatch(address):
            raise ValueError("must be http:// or https://, a host name, and perhaps a port; no path")
        return address

    @field_validator("oidc_issuer")
    @classmethod
    def _is_spoken_to_safely(cls, issuer: str | None) -> str | None:
        """What it says decides who gets in."""
        if not issuer:
            return None
        parts = urlsplit(issuer)
        if not parts.hostname or (parts.scheme != "https" and parts.hostname not in LOOPBACK_HOSTS):
            raise ValueError("must begin with https:// (http:// on this machine alone)")
        return issuer

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        """As browsers write them, so that comparing is enough. No "*": the cookie of who is signed in comes along."""
        plain = tuple(origin.rstrip("/").lower() for origin in origins)
        for origin in plain:
            if not _PUBLIC_URL.fullmatch(origin):
                raise ValueError(f"'{origin[:200]}' is no origin: http:// or https://, a host, and perhaps a port")
        return plain

    @cached_property
    def sqlalchemy_url(self) -> str:
        """The URL for SQLAlchemy's async engine: aiosqlite, or psycopg."""
        if self.database_url is None:
            return f"sqlite+aiosqlite:///{self.data_dir / 'obt.sqlite3'}"
        return f"postgresql+psycopg://{self.database_url.partition('://')[2]}"

    @cached_property
    def host_names(self) -> frozenset[str]:
        """Every host name a request may carry in its Host header."""
        own = () if _is_unspecified(self.host) else (self.host,)
        public = () if self.public_url is None else (urlsplit(self.public_url).hostname or "",)
        return frozenset(name.lower() for name in (*LOOPBACK_HOSTS, *own, *public, *self.allowed_hosts))

    @cached_property
    def origins(self) -> frozenset[str]:
        """Origins whose pages may call the server, beside the one that a request was sent to."""
        return frozenset((*self.allowed_origins, *((self.public_url,) if self.public_url else ())))

    @property
    def scheme(self) -> str:
        """How the server's own port is spoken to."""
        return "https" if self.tls_cert else "http"

    @property
    def wheels_dir(self) -> Path:
        """Folder of the third-party wheels that were fetched."""
        return self.downloads_dir or self.data_dir / "downloads"

    @property
    def archive_folder(self) -> Path:
        """Folder into which rows are written before they are deleted."""
        return self.archive_dir or self.data_dir / "archive"


def _is_unspecified(host: str) -> bool:
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return host == ""
