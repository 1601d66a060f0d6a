"""A FastAPI route that parses a heartbeat and returns: what the framework alone costs. `python -m bench._bare PORT`."""

import sys

import uvicorn
from fastapi import FastAPI

from obt_core.heartbeat import Heartbeat

app = FastAPI()
_KEEP_ALIVE_S = 75
"""Longer than clients are silent between two beats, as the server's own is: a closed connection beats no more."""


@app.post("/api/v1/clients/{client_id}/heartbeat")
async def beat(client_id: str, body: Heartbeat) -> dict[str, str]:
    """Take it, and forget it."""
    return {"client_id": client_id, "boot_id": str(body.boot_id)}


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), log_config=None, access_log=False, timeout_keep_alive=_KEEP_ALIVE_S)
