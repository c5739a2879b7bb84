"""Whether an address can be listened on, said in one line when not."""

from __future__ import annotations

import errno
import socket


def cannot_listen(host: str, port: int, setting: str = "USHER_PORT") -> str | None:
    """Why the address cannot be listened on, in one line; none when it can.

    `setting` is the variable that holds the port.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"port {port} is taken; stop what uses it, or set {setting} to another"
            if error.errno == errno.EACCES:
                return f"port {port} may not be used without more rights; set {setting} above 1023"
            return f"cannot listen on {host}:{port}: {error.strerror or error}"
        except OverflowError:
            return f"{port} is not a port; set {setting} to a number from 1 to 65535"
    return None
