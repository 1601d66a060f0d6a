"""How the values of settings are written: lists with commas, networks, limits by tag."""

from ipaddress import ip_network
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import NoDecode

from obt_core.wire import Slug


def _split(value: object) -> object:
    return tuple(part for part in value.replace(",", " ").split() if part) if isinstance(value, str) else value


def _split_at_commas(value: object) -> object:
    return tuple(part for part in map(str.strip, value.split(",")) if part) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]


Values = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_at_commas)]
"""Texts that may hold spaces."""


def _plain_network(text: str) -> str:
    """An address or a network as uvicorn compares it. No name, and no "*": whoever is believed may be anybody."""
    try:
        network = ip_network(text)
    except ValueError:
        raise ValueError(f"'{text[:100]}' is no address and no network such as 10.0.0.0/8") from None
    if network.prefixlen == 0:
        raise ValueError(f"'{text[:100]}' is every address: anybody could say from where a request comes")
    return str(network) if "/" in text else str(network.network_address)


def _split_limits(value: object) -> object:
    """`lab-a=4, lab-b=2` as a table."""
    if not isinstance(value, str):
        return value
    parts = [part.partition("=") for part in map(str.strip, value.split(",")) if part]
    if len({tag.strip() for tag, _, _ in parts}) < len(parts):
        raise ValueError("names a tag twice")
    return {tag.strip(): most.strip() for tag, _, most in parts}


Limits = Annotated[dict[Slug, Annotated[int, Field(ge=1)]], NoDecode, BeforeValidator(_split_limits)]
"""How much at once, by tag."""
Networks = Annotated[tuple[Annotated[str, AfterValidator(_plain_network)], ...], NoDecode, BeforeValidator(_split)]
