"""The command line where a kernel hangs: `python -m tests.support.hung_edge COMMAND ...` is `edge
COMMAND ...` for which no node called `hung` is ever opened to its end, and no host's name ever
looked up to its.
"""

import os
import socket
import sys
import threading
from typing import Any

from edge.__main__ import main
from edge.host import is_address

if __name__ == "__main__":
    real, real_lookup = os.open, socket.getaddrinfo

    def opened(path: Any, *rest: Any, **how: Any) -> int:
        if str(path).endswith("/hung"):
            threading.Event().wait()
        return real(path, *rest, **how)

    def looked_up(host: str, *rest: Any, **how: Any) -> Any:
        if not is_address(host):
            threading.Event().wait()
        return real_lookup(host, *rest, **how)

    setattr(os, "open", opened)  # noqa: B010 - types know it as it was
    setattr(socket, "getaddrinfo", looked_up)  # noqa: B010 - likewise
    sys.exit(main())
