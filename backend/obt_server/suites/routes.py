"""Listing, saving and checking suites and prompts."""

from fastapi import APIRouter

from obt_core.wire import Slug
from obt_server.auth.permissions import Permission, allow
from obt_server.context import Now
from obt_server.db import ReadSession, WriteSession
from obt_server.errors import problems
from obt_server.suites import prompts, service
from obt_server.suites.schemas import (
    CheckedSuite,
    PromptDetail,
    Prompts,
    PromptToSave,
    SavedSuite,
    Suites,
    SuiteToCheck,
    SuiteToSave,
)

router = APIRouter(tags=["suites"])
READ, OPERATE = [allow(Permission.READ)], [allow(Permission.OPERATE)]


@router.get("/suites", dependencies=READ, responses=problems(401, 403))
async def list_suites(session: ReadSession) -> Suites:
    """The shipped suites, the saved ones, then the others that were run."""
    return Suites(suites=await service.list_views(session))


@router.post("/suites/check", dependencies=READ, responses=problems(401, 403))
def check_suite(body: SuiteToCheck) -> CheckedSuite:
    """Judge the text of a suite's file, or a suite as an editor has it. Stores nothing."""
    return service.check(body)


@router.get("/suites/saved/{name}", dependencies=READ, responses=problems(401, 403, 404))
async def get_saved_suite(name: Slug, session: ReadSession) -> SavedSuite:
    """One saved suite, with its file."""
    return await service.get_saved(session, name)


@router.put("/suites/saved/{name}", dependencies=OPERATE, responses=problems(401, 403, 409))
async def save_suite(name: Slug, body: SuiteToSave, session: WriteSession, now: Now) -> SavedSuite:
    """Keep a suite under a name, in place of what was kept there."""
    return await service.save(session, name, body.suite, now)


@router.delete(
    "/suites/saved/{name}",
    status_code=204,
    dependencies=OPERATE,
    responses=problems(401, 403, 404),
    response_model=None,
)
async def forget_suite(name: Slug, session: WriteSession) -> None:
    """Forget a saved suite. What was run with it stays."""
    await service.forget(session, name)


@router.get("/prompts", dependencies=READ, responses=problems(401, 403))
async def list_prompts(session: ReadSession) -> Prompts:
    """The shipped prompts, then the saved ones, without their texts."""
    return Prompts(prompts=await prompts.list_views(session))


@router.get("/prompts/{name}", dependencies=READ, responses=problems(401, 403, 404))
async def get_prompt(name: Slug, session: ReadSession) -> PromptDetail:
    """One prompt with its text."""
    return await prompts.get(session, name)


@router.put("/prompts/{name}", dependencies=OPERATE, responses=problems(401, 403, 409))
async def save_prompt(name: Slug, body: PromptToSave, session: WriteSession, now: Now) -> PromptDetail:
    """Keep a prompt under a name, in place of what was kept there."""
    return await prompts.save(session, name, body, now)


@router.delete(
    "/prompts/{name}", status_code=204, dependencies=OPERATE, responses=problems(401, 403, 404), response_model=None
)
async def forget_prompt(name: Slug, session: WriteSession) -> None:
    """Forget a saved prompt. Suites hold its text, and keep it."""
    await prompts.forget(session, name)
