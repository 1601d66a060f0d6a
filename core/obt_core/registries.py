"""Which host an Ollama would fetch a model from: nobody but a machine's owner chooses whom it contacts."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import StringConstraints

OWN_REGISTRIES = frozenset({"registry.ollama.ai", "ollama.com"})
"""Ollama's own: names without a host mean them."""

RegistryHost = Annotated[
    str, StringConstraints(to_lower=True, max_length=253, pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?$")
]
"""A host name, perhaps with a port: `hf.co`, `registry.example:5000`."""


def full_name(name: str) -> str:
    """Return the name with its tag: Ollama takes `:latest` where none is given."""
    return name if ":" in name.rsplit("/", 1)[-1] else f"{name}:latest"


def host_of(name: str) -> str | None:
    """Return the host that a model's name has in it, None for a name without one.

    Ollama reads `host/namespace/model`, and takes `namespace/model` for its own registry. A namespace has neither dot
    nor colon, so a first part with one is taken for a host in the shorter form too. An address with its scheme
    (`http://host/...`) is returned up to its first slash: a host that is nobody's.
    """
    parts = name.split("/")
    first = parts[0].lower()
    is_host = len(parts) > 2 or (len(parts) == 2 and any(mark in first for mark in ".:@"))
    return first if is_host else None


def is_allowed(name: str, allowed: Iterable[str]) -> bool:
    """Whether a model of that name comes from Ollama's own registry, or from a host that the owner named."""
    host = host_of(name)
    return host is None or host in OWN_REGISTRIES or host in {one.lower() for one in allowed}
