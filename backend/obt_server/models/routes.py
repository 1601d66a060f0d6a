"""Listing models."""

from fastapi import APIRouter

from obt_server.auth.permissions import Permission, allow
from obt_server.clients.routes import Rule
from obt_server.context import Now
from obt_server.db import ReadSession
from obt_server.errors import problems
from obt_server.models import service
from obt_server.models.schemas import Models

router = APIRouter(tags=["models"])


@router.get("/models", dependencies=[allow(Permission.READ)], responses=problems(401, 403))
async def list_models(session: ReadSession, rule: Rule, now: Now) -> Models:
    """Every model on every client, by name."""
    return Models(models=await service.list_views(session, rule, now))
