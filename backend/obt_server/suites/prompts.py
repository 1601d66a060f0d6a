"""Prompts to put into suites: those that come with OBT, and those that a person saves."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.suite_files import shipped_prompts
from obt_server.audit import service as audit
from obt_server.errors import NotFoundError
from obt_server.suites import repository
from obt_server.suites.schemas import PromptDetail, PromptToSave, PromptView
from obt_server.suites.service import NameTakenError
from obt_server.suites.tables import SavedPromptRow


async def list_views(session: AsyncSession) -> list[PromptView]:
    """Return the shipped prompts, then the saved ones by name, without their texts."""
    shipped = [_shipped(name) for name in shipped_prompts()]
    found = [*shipped, *map(_saved, await repository.saved_prompts(session))]
    return [PromptView.model_validate(detail.model_dump()) for detail in found]


async def get(session: AsyncSession, name: str) -> PromptDetail:
    """Return a prompt with its text. Raises NotFoundError."""
    return _shipped(name) if name in shipped_prompts() else _saved(await _row(session, name))


async def save(session: AsyncSession, name: str, prompt: PromptToSave, now: datetime) -> PromptDetail:
    """Keep a prompt under a name, in place of what was kept there. Raises NameTakenError."""
    if name in shipped_prompts():
        raise NameTakenError(f"'{name}' is a prompt that comes with OBT: choose another name.")
    await repository.save_prompt(session, name, prompt.text, prompt.purpose, now)
    await audit.note(session, "prompt.saved", "prompt", name, after={"characters": len(prompt.text)})
    return await get(session, name)


async def forget(session: AsyncSession, name: str) -> None:
    """Forget a saved prompt; suites hold its text, and keep it. Raises NotFoundError."""
    await session.delete(await _row(session, name))
    await audit.note(session, "prompt.forgotten", "prompt", name)


async def _row(session: AsyncSession, name: str) -> SavedPromptRow:
    row = await session.get(SavedPromptRow, name)
    if row is None:
        raise NotFoundError(f"No prompt is saved as '{name}'.")
    return row


def _shipped(name: str) -> PromptDetail:
    purpose, text = shipped_prompts()[name]
    return PromptDetail(name=name, purpose=purpose, characters=len(text), shipped=True, saved_at=None, text=text)


def _saved(row: SavedPromptRow) -> PromptDetail:
    return PromptDetail(
        name=row.name,
        purpose=row.purpose,
        characters=len(row.text),
        shipped=False,
        saved_at=row.saved_at,
        text=row.text,
    )
