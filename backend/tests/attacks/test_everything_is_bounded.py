"""Every text, list, number and map that may be sent has a limit: read from the API's own description."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from backend.tests.harness import settings_of
from obt_server.app import create_app

FREE = {"SuiteToCheck.suite"}
"""JSON of somebody else's making, which is checked by what reads it, within the longest body."""
TEXT_LIMITS = ("maxLength", "enum", "const", "format")


def _unbounded(document: dict[str, Any]) -> Iterator[str]:
    walk = _Walk(document["components"]["schemas"])
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", ()):
                yield from walk.look(parameter["schema"], f"{method} {path} ?{parameter['name']}")
            for content in operation.get("requestBody", {}).get("content", {}).values():
                yield from walk.look(content["schema"], f"{method} {path}")


class _Walk:
    """Goes through what can be sent, into each named part once."""

    def __init__(self, schemas: dict[str, Any]) -> None:
        self._schemas, self._seen = schemas, set[str]()

    def look(self, schema: dict[str, Any], where: str) -> Iterator[str]:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            if name not in self._seen:
                self._seen.add(name)
                yield from self.look(self._schemas[name], name)
            return
        for union in ("anyOf", "oneOf", "allOf"):
            for part in schema.get(union, ()):
                yield from self.look(part, where)
        yield from getattr(self, f"_{schema.get('type')}", self._nothing)(schema, where)

    def _nothing(self, schema: dict[str, Any], where: str) -> Iterator[str]:
        return iter(())

    def _string(self, schema: dict[str, Any], where: str) -> Iterator[str]:
        if not any(limit in schema for limit in TEXT_LIMITS):
            yield f"{where}: a text of any length"

    def _array(self, schema: dict[str, Any], where: str) -> Iterator[str]:
        if "maxItems" not in schema:
            yield f"{where}: a list of any length"
        for part in (schema.get("items", {}), *schema.get("prefixItems", ())):
            yield from self.look(part, f"{where}[]")

    def _number(self, schema: dict[str, Any], where: str) -> Iterator[str]:
        has_most = "maximum" in schema or "exclusiveMaximum" in schema
        has_least = "minimum" in schema or "exclusiveMinimum" in schema
        if not (has_most and has_least):
            yield f"{where}: a number of any size"

    _integer = _number

    def _object(self, schema: dict[str, Any], where: str) -> Iterator[str]:
        for name, part in schema.get("properties", {}).items():
            yield from self.look(part, f"{where}.{name}")
        others = schema.get("additionalProperties")
        if isinstance(others, dict):
            yield from self.look(cast("dict[str, Any]", others), f"{where}{{}}")
            if "maxProperties" not in schema:
                yield f"{where}: a map of any size"
        elif not {"properties", "patternProperties"} & schema.keys() and where not in FREE:
            yield f"{where}: a map of anything"


def test_nothing_that_may_be_sent_is_without_a_limit(tmp_path: Path) -> None:
    document = create_app(settings_of(data_dir=tmp_path)).openapi()
    assert list(_unbounded(document)) == []


def test_the_walk_sees_what_has_no_limit() -> None:
    free = {
        "type": "object",
        "properties": {
            "text": {"type": "string", "pattern": "a*"},
            "list": {"type": "array", "items": {"type": "integer", "minimum": 0}},
            "map": {"type": "object", "additionalProperties": {"type": "string", "maxLength": 5}},
            "any": {"anyOf": [{"type": "object"}, {"type": "null"}]},
        },
    }
    body = {"post": {"requestBody": {"content": {"application/json": {"schema": free}}}}}
    found = list(_unbounded({"components": {"schemas": {}}, "paths": {"/x": body}}))
    assert [line.partition(": ")[2] for line in found] == [
        "a text of any length",
        "a list of any length",
        "a number of any size",
        "a map of any size",
        "a map of anything",
    ]
