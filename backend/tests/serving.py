"""An ASGI application on a port of the system's choice, in this process."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import uvicorn


@asynccontextmanager
async def running_on_a_port(config: uvicorn.Config) -> AsyncGenerator[int]:
    """Serve until the block ends; give the port. The signals belong to pytest."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(config)
    running = asyncio.create_task(server._serve([listener]))  # pyright: ignore[reportPrivateUsage]
    while not server.started and not running.done():
        await asyncio.sleep(0.005)
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await running
