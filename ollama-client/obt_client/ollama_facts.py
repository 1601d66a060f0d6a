"""What Ollama tells of its models, as the types of the wire. Pure functions; odd facts become None, odd rows are cut.

Fields are those of Ollama's `api.ListModelResponse`, `api.ProcessModelResponse` and `api.ShowResponse`.
"""

import re
from typing import Annotated, cast

from pydantic import Field, TypeAdapter, ValidationError

from obt_core.models import COMPLETION, EMBEDDING, InstalledModel, LoadedModel
from obt_core.wire import UtcDatetime

Row = dict[str, object]
"""A JSON object whose values nobody has checked."""

_FACT_CHARS = 300
_MESSAGE_CHARS = 4_000
_CAPABILITIES_MAX = 32
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]+")
_MOMENT = TypeAdapter[UtcDatetime](UtcDatetime)
_Size = Annotated[int, Field(strict=True, ge=0, le=2**62)]
_SIZE = TypeAdapter[int](_Size)
_CONTEXT_MAX = 2**31


def text_of(value: object) -> str | None:
    """One printable line of at most 300 characters, None for what is no text or empty."""
    if not isinstance(value, str):
        return None
    sound = value.encode("utf-8", "replace").decode()  # half of a surrogate pair cannot be sent on
    return _UNPRINTABLE.sub(" ", sound).strip()[:_FACT_CHARS] or None


def name_of(row: Row) -> str | None:
    """The name of a listed model; older and newer versions tell it in one of two fields."""
    return text_of(row.get("name")) or text_of(row.get("model"))


def digest_of(row: Row) -> str | None:
    """The digest of a listed model, without its `sha256:`."""
    digest = text_of(row.get("digest"))
    return None if digest is None else digest.removeprefix("sha256:")


def is_cloud(name: str, row: Row) -> bool:
    """Whether a model runs on somebody else's computer: it names one, or its tag is `cloud` or ends in `-cloud`."""
    tag = name.rsplit("/", 1)[-1].partition(":")[2]
    return bool(row.get("remote_host") or row.get("remote_model")) or tag == "cloud" or tag.endswith("-cloud")


def installed_of(row: Row) -> InstalledModel | None:
    """Read a row of /api/tags; None where it lacks a name, digest or size that the wire can carry."""
    name, details = name_of(row), _object(row.get("details"))
    facts = {
        "name": name,
        "digest": digest_of(row),
        "size_bytes": row.get("size"),
        "family": text_of(details.get("family")),
        "parameter_size": text_of(details.get("parameter_size")),
        "quantization": text_of(details.get("quantization_level")),
        "modified_at": _moment(row.get("modified_at")),
        "cloud": is_cloud(name or "", row),
    }
    try:
        return InstalledModel.model_validate(facts)
    except ValidationError:
        return None


def with_details(model: InstalledModel, told: Row) -> InstalledModel:
    """Add what /api/show tells: capabilities, context length, parameters."""
    info, details = _object(told.get("model_info")), _object(told.get("details"))
    architecture = text_of(info.get("general.architecture"))
    facts = {
        "family": model.family or text_of(details.get("family")),
        "parameter_size": model.parameter_size or text_of(details.get("parameter_size")),
        "quantization": model.quantization or text_of(details.get("quantization_level")),
        "parameter_count": _size(info.get("general.parameter_count")),
        "context_length": _context_length(info, architecture),
        "capabilities": _capabilities(told, info),
    }
    return model.model_copy(update=facts)


def parameters_of(told: Row) -> str | None:
    """The model's own parameters out of a reply of /api/show: a name and a value a line.

    Empty where it has none: Ollama leaves the field out then. None for a reply that is no text.
    """
    text = told.get("parameters", "")
    if not isinstance(text, str):
        return None
    lines = (_UNPRINTABLE.sub(" ", line).rstrip() for line in text.encode("utf-8", "replace").decode().splitlines())
    return "\n".join(line for line in lines if line)[:_MESSAGE_CHARS]


def loaded_of(row: Row) -> LoadedModel | None:
    """Read a row of /api/ps; None where it lacks a name, digest or sizes that the wire can carry."""
    facts = {
        "name": name_of(row),
        "digest": digest_of(row),
        "size_bytes": row.get("size"),
        "size_vram_bytes": row.get("size_vram"),
        "context_length": _context(row.get("context_length")),
        "expires_at": _moment(row.get("expires_at")),
    }
    try:
        return LoadedModel.model_validate(facts)
    except ValidationError:
        return None


def _object(value: object) -> Row:
    return cast("Row", value) if isinstance(value, dict) else {}


def _moment(value: object) -> UtcDatetime | None:
    try:
        return _MOMENT.validate_python(value)
    except (ValidationError, OverflowError):  # the year 1 in a zone east of Greenwich is before all time
        return None


def _size(value: object) -> int | None:
    try:
        return _SIZE.validate_python(value)
    except ValidationError:
        return None


def _context(value: object) -> int | None:
    """A context length; 0 means that Ollama does not know it."""
    tokens = _size(value)
    return tokens if tokens and tokens <= _CONTEXT_MAX else None


def _context_length(info: Row, architecture: str | None) -> int | None:
    """The model's own architecture first: a model that sees has a second context length for its eyes."""
    own = _context(info.get(f"{architecture}.context_length"))
    others = (_context(value) for key, value in info.items() if key.endswith(".context_length"))
    return own or next((tokens for tokens in others if tokens), None)


def _capabilities(told: Row, info: Row) -> tuple[str, ...]:
    """What the model can do. Versions before 0.6.4 do not tell; embedding models are known by their pooling then."""
    listed = told.get("capabilities")
    if isinstance(listed, list):
        names = (text_of(name) for name in cast("list[object]", listed))
        return tuple(dict.fromkeys(name for name in names if name))[:_CAPABILITIES_MAX]
    if not info:
        return ()
    return (EMBEDDING,) if any(key.endswith(".pooling_type") for key in info) else (COMPLETION,)
