"""The daemon where no name server answers: `python -m tests.support.nameless_daemon --config FILE`
is `edge run` to which a host's name is never looked up to its end.
"""

import socket
import sys
import threading
from pathlib import Path

from edge.daemon import run_daemon
from edge.host import is_address
from edge.log import configure_logging
from edge.settings import read_settings

if __name__ == "__main__":
    real = socket.getaddrinfo

    def looked_up(host: str, *rest: object, **how: object) -> object:
        if not is_address(host):
            threading.Event().wait()
        return real(host, *rest, **how)

    setattr(socket, "getaddrinfo", looked_up)  # noqa: B010 - types know it as it was
    configure_logging()
    sys.exit(run_daemon(read_settings(Path(sys.argv[2]))))
