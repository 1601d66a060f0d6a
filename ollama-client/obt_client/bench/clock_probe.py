"""Whether this kernel stamps what it receives, tried rather than believed."""

import socket
import sys

from obt_client.bench.clocks import ANCILLARY_BYTES, ask_kernel_for_stamps, kernel_stamp_ns

_WAIT_S = 2.0


def kernel_stamps_arrivals() -> bool:
    """Send a byte over loopback, and look for its stamp. Never raises: what fails is no stamp."""
    if sys.platform != "linux":
        return False
    try:
        with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as sender:
            receiver, _ = server.accept()
            with receiver:
                receiver.settimeout(_WAIT_S)
                ask_kernel_for_stamps(receiver)
                sender.sendall(b"?")
                _, ancillary, _, _ = receiver.recvmsg(1, ANCILLARY_BYTES)
                return kernel_stamp_ns(ancillary) is not None
    except OSError:
        return False
