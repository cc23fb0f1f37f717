"""The daemon with FIFOs in the place of event nodes: `python -m tests.support.evdev_daemon --config
FILE` is `edge run` on a machine without input devices.
"""

import sys
from pathlib import Path

import evdev

from edge.daemon import run_daemon
from edge.log import configure_logging
from edge.settings import read_settings
from tests.support.input_devices import EventNodes

if __name__ == "__main__":
    setattr(evdev, "InputDevice", EventNodes().open)  # noqa: B010 - another class in its place
    configure_logging()
    sys.exit(run_daemon(read_settings(Path(sys.argv[2]))))
