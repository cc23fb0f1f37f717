"""Where a device is now: the node of the kernel behind what the settings name."""

import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from os.path import realpath
from pathlib import Path
from struct import calcsize
from typing import Any, Final

from edge.drivers.lifecycle import DeviceAbsentError
from edge.drivers.settings import DeviceModel, NodeModel, UsbIdentity
from edge.ports import DeviceError

# linux/input-event-codes.h: KEY_1 to KEY_0, and KEY_KP7 to KEY_KP0 without minus and plus.
DIGIT_ROW: Final = frozenset(range(2, 12))
DIGIT_PAD: Final = frozenset({71, 72, 73, 75, 76, 77, 79, 80, 81, 82})
# sysfs writes a bit mask as longs; to a 32-bit program a 64-bit kernel writes 32-bit ones.
LONG_BITS: Final = 8 * calcsize("l")


@dataclass(frozen=True, slots=True)
class UsbPlug:
    """A USB device that is plugged in: what it says of itself, and the port it is in."""

    vendor: str
    product: str
    serial: str
    port: str
    model: str


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the kernel. `plug` is the USB device behind it and `interface` the number of that
    device's interface, None where there is none; `keys` are the codes that an input device can
    send, `label` is a GPIO chip's, empty where nobody may ask it.
    """

    path: str
    plug: UsbPlug | None
    interface: int | None
    keys: frozenset[int] = frozenset()
    label: str = ""


def anything(node: Node) -> bool:
    del node
    return True


def is_keyboard(node: Node) -> bool:
    """Whether it types digits: for "input", where one device has a node for its keys, one for its
    volume wheel and one for its power key.
    """
    return node.keys >= DIGIT_ROW or node.keys >= DIGIT_PAD


def find_node(device: NodeModel, subsystem: str, fits: Callable[[Node], bool] = anything) -> str:
    """The node of the settings: its path, or the one of `subsystem` ("tty", "input", "usbmisc")
    that the USB device has now, of several the one that `fits`. Raises DeviceAbsentError when there
    is none, DeviceError when there are several. Not for the event loop: the first time pyudev comes
    in (25 ms), a look at fifty USB devices takes 20 ms, and the kernel lets who asks for their
    serial numbers wait for one that is sick.
    """
    if device.usb is None:
        return device.path
    found = [
        node
        for node in nodes_of(subsystem, device.usb)
        if device.usb.interface in (None, node.interface) and fits(node)
    ]
    if not found:
        raise DeviceAbsentError(f"{device.name}: no {shown(device.usb)} is plugged in")
    if len(found) > 1:
        raise DeviceError(f"{device.name}: {_told_apart(device.usb, found)}")
    return found[0].path


def on_one_node(devices: Sequence[DeviceModel]) -> list[str]:
    """A line for each node that is several devices' now, whichever link they name it by: they eat
    what is meant for each other, or lock each other out. No link says that for good.
    """
    names: dict[str, list[str]] = {}
    for device in devices:
        if isinstance(device, NodeModel) and device.path:
            names.setdefault(realpath(device.path), []).append(device.name)
    return [
        f"devices: {' and '.join(several)} are all at {node}"
        for node, several in names.items()
        if len(several) > 1
    ]


def check_opened(
    device: NodeModel, subsystem: str, descriptor: int, fits: Callable[[Node], bool] = anything
) -> None:
    """Make sure that what was opened is still what the settings mean: opening takes a while on a
    thread, and nodes may have been numbered anew meanwhile, as when a hub starts again. Raises as
    `find_node`, and DeviceError when it is another device.
    """
    path = find_node(device, subsystem, fits)
    try:
        is_same = _identity(Path(path).stat()) == _identity(os.fstat(descriptor))
    except FileNotFoundError as error:
        raise DeviceAbsentError(f"{device.name}: went while it was being opened") from error
    except OSError as error:
        raise DeviceError(f"{device.name}: can't look at {path} ({error})") from error
    if not is_same:
        raise DeviceError(f"{device.name}: {path} became another device while it was being opened")


def _identity(file: os.stat_result) -> tuple[int, int]:
    """Of a node the device's number: the file under a name may be made anew."""
    if stat.S_ISCHR(file.st_mode):
        return file.st_rdev, 0
    return file.st_dev, file.st_ino


def _told_apart(usb: UsbIdentity, found: list[Node]) -> str:
    """What there is to choose from, and what to name for it."""
    by_port = {node.plug.port: node for node in found if node.plug is not None}
    if len(by_port) > 1:
        serials = {node.plug.serial for node in by_port.values() if node.plug is not None}
        how = "serial number" if "" not in serials and len(serials) > 1 else "port"
        which = " and ".join(f"{node.path} (port {port})" for port, node in by_port.items())
        return f"{which} are both {shown(usb)}; name the {how}"
    which = " and ".join(f"{node.path} (interface {node.interface})" for node in found)
    return f"{shown(usb)} is {which}; name the interface"


def nodes_of(subsystem: str, usb: UsbIdentity | None = None) -> list[Node]:
    """The nodes that are there now, by their paths; those of that USB device, or all. Raises
    DeviceError without libudev.
    """
    try:
        _, context = udev()
    except ImportError as error:
        raise DeviceError(f"devices can't be looked for ({error}); name a path") from error
    if usb is None:
        nodes = [node_from(each) for each in context.list_devices(subsystem=subsystem)]
    else:
        nodes = [
            node_from(each)
            # First the few USB devices, then what belongs to the one: a box has dozens of ttys.
            for parent in context.list_devices(subsystem="usb", DEVTYPE="usb_device")
            if is_plug(usb, _plug(parent))
            for each in context.list_devices(subsystem=subsystem, parent=parent)
            # A hub is the parent of whatever hangs on it, too.
            if each.find_parent("usb", "usb_device") == parent
        ]
    return sorted((node for node in nodes if node.path), key=lambda node: node.path)


def udev() -> tuple[Any, Any]:
    """The package, and a context for whoever asks: no two threads may share one. Raises ImportError
    where it or libudev is missing.
    """
    # Here, because a box whose devices are all named by path needs no libudev.
    import pyudev  # type: ignore[import-untyped]  # noqa: PLC0415 - it has no types

    return pyudev, pyudev.Context()


def shown(usb: UsbIdentity) -> str:
    """An identity for whoever reads the log."""
    beside = "".join(
        f" {name} {value}"
        for name, value in (
            ("serial", usb.serial),
            ("port", usb.port),
            ("interface", usb.interface),
        )
        if value not in ("", None)
    )
    return f"{usb.vendor}:{usb.product}{beside}"


def is_plug(usb: UsbIdentity, plug: UsbPlug) -> bool:
    """Whether that device is the one of the settings, whichever interface of it they mean."""
    return (
        (plug.vendor, plug.product) == (usb.vendor, usb.product)
        and usb.serial in ("", plug.serial)
        and usb.port in ("", plug.port)
    )


# --- pyudev has no types


def node_from(device: Any) -> Node:
    parent = device.find_parent("usb", "usb_device")
    is_interface = device.device_type == "usb_interface"
    interface = device if is_interface else device.find_parent("usb", "usb_interface")
    number = attribute(interface, "bInterfaceNumber") if interface is not None else ""
    return Node(
        path=device.device_node or "",
        plug=_plug(parent) if parent is not None else None,
        interface=int(number, 16) if _is_hex(number) else None,
        keys=_keys(device),
    )


def _plug(device: Any) -> UsbPlug:
    return UsbPlug(
        vendor=attribute(device, "idVendor"),
        product=attribute(device, "idProduct"),
        serial=attribute(device, "serial"),
        port=device.sys_name,
        model=" ".join(attribute(device, name) for name in ("manufacturer", "product")).strip(),
    )


def attribute(device: Any, name: str) -> str:
    """One of sysfs, empty when it has none or is gone by now."""
    value: bytes = device.attributes.get(name, b"")
    return value.decode("utf-8", "replace").strip("\0 \n")


def _keys(device: Any) -> frozenset[int]:
    """The bits of sysfs' capabilities/key: words of the kernel's long in hex, highest first."""
    parent = device.find_parent("input")
    words = attribute(parent, "capabilities/key").split() if parent is not None else []
    if not words or not all(_is_hex(word) for word in words):
        return frozenset()
    mask = 0
    for word in words:
        mask = mask << LONG_BITS | int(word, 16)
    return frozenset(code for code in range(mask.bit_length()) if mask >> code & 1)


def _is_hex(text: str) -> bool:
    return text != "" and all(digit in "0123456789abcdefABCDEF" for digit in text)
