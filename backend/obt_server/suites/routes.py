"""Listing suites."""

from fastapi import APIRouter

from obt_server.auth.permissions import Permission, allow
from obt_server.db import ReadSession
from obt_server.errors import problems
from obt_server.suites import service
from obt_server.suites.schemas import Suites

router = APIRouter(tags=["suites"])


@router.get("/suites", dependencies=[allow(Permission.READ)], responses=problems(401, 403))
async def list_suites(session: ReadSession) -> Suites:
    """The shipped suites, then the others that were run."""
    return Suites(suites=await service.list_views(session))
