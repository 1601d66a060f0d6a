"""docs/hardware.md names every field of the models and every code of the notes, and nothing that is not there."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from obt_core import hardware, machine_environment

PAGE = (Path(__file__).parents[3] / "docs" / "hardware.md").read_text("utf-8")
MODELS = [
    model
    for module in (hardware, machine_environment)
    for model in vars(module).values()
    if isinstance(model, type) and issubclass(model, BaseModel) and model.__module__ == module.__name__
]


def documented(model: str) -> list[str]:
    rows = re.findall(rf"^\| {model} \| ([^|]+) \|.*\|$", PAGE, re.MULTILINE)
    return [field for row in rows for field in re.findall(r"`(\w+)`", row)]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_has_its_sources_and_how_it_was_verified(model: type[BaseModel]) -> None:
    assert sorted(documented(model.__name__)) == sorted(model.model_fields)


def test_every_code_of_a_note_is_explained() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == set(hardware.NoteCode)


def test_every_row_of_the_table_says_how_it_was_verified() -> None:
    rows = re.findall(r"^\| [A-Z]\w+ \| `.*$", PAGE, re.MULTILINE)
    assert len(rows) > 60
    assert all(
        len(cells) == 6 and cells[-1] for row in rows if (cells := [cell.strip() for cell in row.split("|")[1:-1]])
    )
