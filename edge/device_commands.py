"""`edge devices` and `edge health`: what is plugged in, and how the till that runs says it is."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from edge.plain_words import counted, one_line

if TYPE_CHECKING:
    from edge.drivers.settings import DeviceModel
    from edge.drivers.survey import Found
    from edge.health import BoxHealth

WELL: Final = 0
FINDING: Final = 1
REFUSED: Final = 2


def add_devices(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Put both commands among the others."""
    devices = commands.add_parser("devices", help="what is plugged in, ready for the settings")
    devices.add_argument("--config", type=Path, metavar="EDGE.TOML", help="say which it names")
    devices.set_defaults(command=_devices)
    health = commands.add_parser("health", help="how the till that runs says it is")
    health.add_argument("--store", type=Path, required=True, metavar="FILE")
    health.add_argument("--json", action="store_true", help="as one JSON object")
    health.set_defaults(command=_health)


def _devices(options: argparse.Namespace) -> int:
    """FINDING when the settings name something that is not there."""
    from edge.drivers.survey import survey
    from edge.ports import DeviceError
    from edge.settings import SettingsRefused, read_settings

    try:
        named = read_settings(options.config).devices if options.config else ()
        found = survey()
    except SettingsRefused as refused:
        return _refused(*refused.lines)
    except DeviceError as error:
        return _refused(str(error))
    for number, each in enumerate(found, 1):
        print(_described(each, [device.name for device in named if each.is_of(device)], number))
        print()
    missing = 0
    for device in named:
        if not any(each.is_of(device) for each in found):
            is_missing, line = _not_found(device)
            missing += is_missing
            print(f"{device.name}: {line}")
    print(f"in all: {counted(len(found), 'device')} that a till can use")
    return FINDING if missing else WELL


def _not_found(device: "DeviceModel") -> tuple[bool, str]:
    """Whether a device of the settings that was not found is missing, and what to say of it."""
    if getattr(device, "usb", None) is not None:
        return True, "not plugged in"
    if not device.at:
        return False, "has no plug here"
    if not device.at.startswith("/"):
        return True, f"no GPIO chip that you may ask has the label {device.at!r}"
    if Path(device.at).exists():
        return False, f"{device.at} is there, but udev does not know it"
    return True, f"not plugged in: there is no {device.at}"


def _described(found: "Found", names: list[str], number: int) -> str:
    """A line for the eye, and what to put into the settings unless it is there already."""
    from edge.drivers.survey import snippet

    node, plug = found.node, found.node.plug
    about = [node.path or "no node of its own"]
    if plug is not None:
        about += [f"{plug.vendor}:{plug.product}", f"port {plug.port}"]
        about += [f"interface {node.interface}"] if node.interface is not None else []
        about += [f"serial {plug.serial}"] if plug.serial else []
        about += [plug.model] if plug.model else []
    # A device may say anything of itself, also what ends a comment or moves the cursor.
    heading = "# " + one_line(", ".join(about))
    if names:
        return f"{heading}\n# is {' and '.join(names)} of the settings"
    return f"{heading}\n{snippet(found, f'device{number}')}"


def _health(options: argparse.Namespace) -> int:
    """FINDING when there is something that somebody has to look at."""
    from pydantic import ValidationError

    from edge.control import HEALTH, ControlRefused, told
    from edge.health import BoxHealth
    from edge.wire.findings import findings

    try:
        # Tuples are lists in JSON.
        health = BoxHealth.model_validate(told(options.store, HEALTH), strict=False)
    except ControlRefused as refused:
        return _refused(str(refused))
    except ValidationError:
        return _refused(f"{options.store}: the till runs another version of the software")
    found = findings(health)
    if health.uplink_trouble:
        found = [health.uplink_trouble, *found]
    if options.json:
        # As headquarters gets it, and what it does not hear of.
        print(health.model_dump_json(exclude={"has_uplink"}))
        return FINDING if found else WELL
    for line in (*_lines(health), *(f"! {each}" for each in found)):
        print(one_line(line))
    print("look at these" if found else "well")
    return FINDING if found else WELL


def _lines(health: "BoxHealth") -> list[str]:
    from datetime import timedelta

    from edge.wire.findings import written as when

    store, mib = health.store, 1024 * 1024
    return [
        f"software: edge-till {health.edge}",
        f"clock: {when(health.at)}, {health.clock}",
        f"running: {timedelta(seconds=health.uptime_s)}, {health.memory_bytes // mib} MiB",
        f"store: {store.path}, {store.free_bytes // mib} MiB free",
        f"journal: {store.epoch}/{store.last_seq}, {counted(store.unsent, 'record')} unsent",
        f"network: {_network(health)}",
        f"lost inputs: {health.lost_inputs}, papers that are offered: {health.unprinted}",
        *(
            f"{each.kind} {each.name}: {each.state}"
            + (f" since {when(each.since)}" if each.since else "")
            + (f", {each.trouble}" if each.trouble else "")
            + (f": {each.reason}" if each.reason else "")
            for each in health.devices
        ),
    ]


def _network(health: "BoxHealth") -> str:
    if not health.has_uplink:
        return "none in the settings"
    return "online" if health.online else "offline"


def _refused(*lines: str) -> int:
    for line in lines:
        print(line, file=sys.stderr)
    return REFUSED
