"""What a machine tells, made into values that the wire takes: one line of text, a number within reason, or None."""

import json
import math
import re

_FACT_CHARS_MAX = 300
_BYTES_MAX = 2**62
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_NOTHING = {"", "n/a", "na", "none", "unknown", "not available", "[n/a]", "null", "<out of spec>", "not specified"}


def fact(text: str) -> str:
    """Return one printable line of what a machine told, no longer than the wire allows."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:_FACT_CHARS_MAX]


def some_fact(told: object) -> str | None:
    """Return what was told as one line, None where it is no text or says that nothing is known."""
    if not isinstance(told, str | bytes):
        return None
    line = fact(told.decode(errors="replace") if isinstance(told, bytes) else told)
    return None if line.lower() in _NOTHING else line


def number(told: object, least: float = 0, most: float = math.inf) -> float | None:
    """Return the first number of what was told, None where there is none or it is not within `least` and `most`."""
    if isinstance(told, dict):  # amd-smi: {"value": 24560, "unit": "MB"}
        told = told.get("value")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    if isinstance(told, str):
        match = _NUMBER.match(told.strip()[:_FACT_CHARS_MAX])
        told = float(match.group()) if match else None
    if isinstance(told, bool) or not isinstance(told, int | float):
        return None
    return float(told) if math.isfinite(told) and least <= told <= most else None


def count(told: object, least: int = 1, most: int = 100_000) -> int | None:
    """Return a whole number within `least` and `most`, else None."""
    if isinstance(told, str) and told.strip().isascii() and told.strip().isdecimal() and len(told) < 20:
        told = int(told)
    if isinstance(told, float) and told.is_integer():
        told = int(told)
    if isinstance(told, bool) or not isinstance(told, int):
        return None
    return told if least <= told <= most else None


def size_bytes(told: object) -> int | None:
    """Return a size in bytes, None where it is none or zero."""
    return count(told, 1, _BYTES_MAX)


_UNITS = {"": 0, "b": 0, "k": 1, "m": 2, "g": 3, "t": 4}
_SIZE = re.compile(r"^\s*(\d{1,12}(?:\.\d{1,6})?)\s*([kmgt]?)i?b?\s*$", re.IGNORECASE)


def size_with_unit(told: object) -> int | None:
    """Return the bytes of `24560 MB`, `16 GB` or {"value": 24560, "unit": "MB"}; tools mean powers of two by both."""
    if isinstance(told, dict):
        value: object = told.get("value")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        unit: object = told.get("unit", "")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        told = f"{value} {unit}"
    match = _SIZE.match(told) if isinstance(told, str) and len(told) < 40 else None
    return size_bytes(int(float(match[1]) * 1024 ** _UNITS[match[2].lower()])) if match else None


def hexadecimal(told: object, digits: int = 4) -> str | None:
    """Return `0x744C` as `744c`, None where it is no hexadecimal number of at most `digits` digits."""
    match = re.fullmatch(r"(?:0x)?([0-9a-f]{1,16})", told.strip().lower(), re.ASCII) if isinstance(told, str) else None
    bare = match[1].lstrip("0") if match else ""
    return bare.rjust(digits, "0") if match and len(bare) <= digits else None


_ADDRESS = re.compile(r"^([0-9a-f]{4,8}):([0-9a-f]{2}):([0-9a-f]{2})\.([0-7])$", re.IGNORECASE | re.ASCII)


def pci_address(told: object) -> str | None:
    """Return `00000000:C4:00.0` as `0000:c4:00.0`, None where it is no PCI address."""
    match = _ADDRESS.match(told.strip()) if isinstance(told, str) else None
    if not match:
        return None
    return f"{match[1][-4:]}:{match[2]}:{match[3]}.{match[4]}".lower()


def json_of(text: str) -> object:
    """Return what JSON says, None where it is none. Tools print warnings before it, in any language."""
    starts = [at for at in (text.find("{"), text.find("[")) if at >= 0]
    for start in sorted(starts):
        try:
            value, _ = json.JSONDecoder().raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        else:
            return value
    return None


def table(value: object) -> dict[str, object]:
    """Return a JSON object with its keys in lower case, empty where it is none."""
    if not isinstance(value, dict):
        return {}
    return {str(key).lower(): item for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def rows(value: object, most: int = 64) -> list[dict[str, object]]:
    """Return the objects of a JSON list, at most `most`; a single object is a list of one."""
    if isinstance(value, dict):
        return [table(value)]  # pyright: ignore[reportUnknownArgumentType]
    return [table(item) for item in value[:most] if isinstance(item, dict)] if isinstance(value, list) else []  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def pcie_generation(told: object) -> int | None:
    """Return the generation of `16.0 GT/s PCIe` or `32 GT/s`: PCI Express Base Specification, transfer rates."""
    rate = number(told)
    return {2.5: 1, 5.0: 2, 8.0: 3, 16.0: 4, 32.0: 5, 64.0: 6, 128.0: 7}.get(rate) if rate else None


def pcie_width(told: object) -> int | None:
    """Return a link's lanes; what is no width of a link (255 where it is down) is None."""
    lanes = count(told if not isinstance(told, dict) else None, 1, 32)
    return lanes if lanes in {1, 2, 4, 8, 12, 16, 32} else None
