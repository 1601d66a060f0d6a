"""`/metrics`, for Prometheus: with an API key, or with the token of the settings, which needs no database."""

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from obt_server.auth.permissions import Permission, allow

root_router = APIRouter(include_in_schema=False)
"""At the root of the server, where Prometheus looks."""


@root_router.get("/metrics", dependencies=[allow(Permission.OBSERVE, before_setup=True)])
async def read_metrics(request: Request, accept: Annotated[str, Header(max_length=1_000)] = "") -> Response:
    """Answer with the exposition."""
    text, media_type = await request.app.state.metrics.exposition(accept)
    return Response(text, media_type=media_type)
