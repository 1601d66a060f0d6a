"""Work in a thread that nothing waits for: a call into a driver or a dead network disk cannot be cancelled."""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")


def in_daemon(work: Callable[[], _T], name: str = "daemon") -> asyncio.Future[_T]:
    """Run `work` in a thread of its own, and return what it will return or raise.

    The process may end while it still runs, which `asyncio.to_thread` does not allow.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[_T] = loop.create_future()

    def set_result(result: _T) -> None:
        if not future.done():
            future.set_result(result)

    def set_error(error: Exception) -> None:
        if not future.done():
            future.set_exception(error)

    def run() -> None:
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - handed to whoever awaits
            call, value = set_error, error
        else:
            call, value = set_result, result
        if not loop.is_closed():
            loop.call_soon_threadsafe(call, value)  # pyright: ignore[reportArgumentType]

    threading.Thread(target=run, daemon=True, name=name).start()
    return future
