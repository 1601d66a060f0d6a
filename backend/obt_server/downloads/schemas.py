"""What the dashboard reads in order to show how a machine becomes a client."""

from enum import StrEnum

from pydantic import Field

from obt_core.wire import WireModel

TOKEN_PLACEHOLDER = "TOKEN"  # noqa: S105 - what stands in a line where the token is to stand
Sha256 = str


class System(StrEnum):
    """An operating system that has a line of its own."""

    LINUX = "linux"
    MACOS = "macos"
    WINDOWS = "windows"


class InstallLines(WireModel):
    """The lines to copy on one operating system. In `install`, the word TOKEN stands for an enrolment token."""

    system: System
    shell: str = Field(description="Where the lines are typed.", examples=["sh", "PowerShell"])
    script_url: str
    script_sha256: str = Field(description="SHA-256 of the script as this server serves it under that URL.")
    install: str
    upgrade: str = Field(description="Run on a client: it takes this server's version and keeps its identity.")
    uninstall: str
    is_checked: bool = Field(
        description="Whether the lines check the script against its SHA-256 first: they do over plain HTTP."
    )


class WheelsOf(WireModel):
    """Whether this server has the third-party wheels for one platform and one Python."""

    platform: str = Field(examples=["linux-x86_64"])
    python: str = Field(examples=["3.12"])
    wanted: int = Field(ge=0, description="How many wheels the client needs there.")
    present: int = Field(ge=0)

    @property
    def is_complete(self) -> bool:
        """Whether a machine of that kind needs no package index."""
        return self.present == self.wanted


class Downloads(WireModel):
    """What this server has for machines that are to become clients."""

    version: str = Field(description="Version of the client that this server serves: its own.")
    server_url: str = Field(description="This server as the request saw it, or as OBT_PUBLIC_URL says.")
    token_placeholder: str = TOKEN_PLACEHOLDER
    why_not: str | None = Field(
        default=None, description="Why nothing can be installed from here, and what to do; `lines` is then empty."
    )
    lines: list[InstallLines]
    third_party: list[WheelsOf] = Field(
        description="Platforms of which at least one third-party wheel is here; others need a package index."
    )
