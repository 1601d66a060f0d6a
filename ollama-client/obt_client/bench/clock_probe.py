"""Whether this kernel stamps what it receives, tried rather than believed."""

import socket
import sys
import time

from obt_client.bench.clocks import ANCILLARY_BYTES, ask_kernel_for_stamps, kernel_stamp_ns

_WAIT_S = 2.0
_PAUSE_S = 0.01


def kernel_stamps_arrivals() -> bool:
    """Send bytes over loopback, and look for the stamp of one. Never raises: what fails is no stamp."""
    if sys.platform != "linux":
        return False
    try:
        with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as sender:
            receiver, _ = server.accept()
            with receiver:
                receiver.settimeout(_WAIT_S)
                ask_kernel_for_stamps(receiver)
                return _is_one_stamped(sender, receiver)
    except OSError:
        return False


def _is_one_stamped(sender: socket.socket, receiver: socket.socket) -> bool:
    """Whether a byte has a stamp within `_WAIT_S`: the kernel begins in its own time, and the first may have none."""
    end = time.monotonic() + _WAIT_S
    while time.monotonic() < end:
        sender.sendall(b"?")
        _, ancillary, _, _ = receiver.recvmsg(1, ANCILLARY_BYTES)
        if kernel_stamp_ns(ancillary) is not None:
            return True
        time.sleep(_PAUSE_S)
    return False
