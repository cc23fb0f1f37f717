"""What is plugged into the box, what each could be to a till, and how settings would name it."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from os.path import realpath
from typing import Final

from edge.drivers.plugs import (
    Node,
    UsbPlug,
    attribute,
    is_keyboard,
    is_plug,
    node_from,
    nodes_of,
    udev,
)
from edge.drivers.settings import DeviceModel, UsbIdentity
from edge.ports import DeviceError

SERIAL_DRIVERS: Final = (
    "scanner_serial",
    "keypad_serial",
    "printer_serial",
    "display_serial",
    "scale_serial",
)
# A universal asynchronous receiver's type in sysfs, of one that is not there.
NO_UART: Final = "0"
PRINTER_CLASS: Final = "07"


def chip_label(node: str) -> str:
    """A GPIO chip's label, empty when it can't be asked."""
    # Here, because a box without GPIO chips needs no gpiod.
    from edge.drivers.drawers.gpio_chips import label_of  # noqa: PLC0415

    try:
        return label_of(node)
    except DeviceError:
        return ""


@dataclass(frozen=True, slots=True)
class Found:
    """A device that a till can use: by a node, or, as libusb's printers, without one. `usb` is how
    settings would name it, None where a path does.
    """

    node: Node
    drivers: tuple[str, ...]
    usb: UsbIdentity | None

    def is_of(self, device: DeviceModel) -> bool:
        """Whether the settings mean this one, by what it is or by its path."""
        identity: UsbIdentity | None = getattr(device, "usb", None)
        if identity is not None:
            return (
                self.node.plug is not None
                and is_plug(identity, self.node.plug)
                and identity.interface in (None, self.node.interface)
            )
        if "" in (device.at, self.node.path):
            return False
        return device.at == self.node.label or realpath(device.at) == realpath(self.node.path)


def survey(label: Callable[[str], str] = chip_label) -> list[Found]:
    """All that is there now; `label` tells a GPIO chip's by its node. Raises DeviceError without
    libudev.
    """
    kinds = (
        (_ports(), SERIAL_DRIVERS),
        (
            [node for node in nodes_of("input") if is_keyboard(node)],
            ("scanner_evdev", "keypad_evdev"),
        ),
        (_printers(), ("printer_usb",)),
        (nodes_of("graphics"), ("display_framebuffer",)),
        (
            [replace(node, label=label(node.path)) for node in nodes_of("gpio")],
            ("drawer_gpio",),
        ),
    )
    return [
        found
        for nodes, drivers in kinds
        for found in _named([node for node in nodes if not _is_gone(node)], drivers)
    ]


def snippet(found: Found, name: str) -> str:
    """Lines for the settings: the first driver of those that it could be."""
    driver, *others = found.drivers
    either = f"  # or {', '.join(others)}" if others else ""
    lines = ["[[devices]]", f'driver = "{driver}"{either}', f'name = "{name}"']
    if driver == "drawer_gpio":
        label = f"  # or {_toml(found.node.label)}" if found.node.label else ""
        lines.append(f"chip = {_toml(found.node.path)}{label}")
        lines.append("line = 0  # the one that the drawer is wired to")
    elif found.usb is not None:
        named = found.usb.model_dump(exclude_defaults=True).items()
        lines.append(f"usb = {{ {', '.join(f'{key} = {_toml(value)}' for key, value in named)} }}")
    else:
        lines.append(f"path = {_toml(found.node.path)}")
    return "\n".join(lines)


def _toml(value: int | str) -> str:
    """JSON writes both as TOML 1.0 reads them, but that it lets DEL stand."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _named(nodes: Sequence[Node], drivers: tuple[str, ...]) -> Iterable[Found]:
    """Each with the least that tells it from the others."""
    for node in nodes:
        plug = node.plug
        if plug is None:
            yield Found(node, drivers, None)
            continue
        others = [each for each in nodes if each is not node and _is_alike(plug, each.plug)]
        like = [each for each in others if each.plug and each.plug.port != plug.port]
        is_told_by_serial = plug.serial and all(
            each.plug and each.plug.serial != plug.serial for each in like
        )
        of_it = [each for each in others if each not in like]
        usb = UsbIdentity(
            vendor=plug.vendor,
            product=plug.product,
            serial=plug.serial if is_told_by_serial else "",
            port=plug.port if like and not is_told_by_serial else "",
            interface=node.interface if of_it else None,
        )
        lp = ("printer_usblp",) if node.path.startswith("/dev/usb/lp") else ()
        yield Found(node, (*drivers, *lp), usb)


def _is_gone(node: Node) -> bool:
    """Whether it was pulled while it was looked at: sysfs does not say what it is any more."""
    return node.plug is not None and "" in (node.plug.vendor, node.plug.product)


def _is_alike(plug: UsbPlug, other: UsbPlug | None) -> bool:
    return other is not None and (plug.vendor, plug.product) == (other.vendor, other.product)


def _ports() -> list[Node]:
    """Serial ports that are there: a PC has dozens of nodes with nothing behind them."""
    nodes_of("tty")  # says when there is no libudev
    _, context = udev()
    return [
        node_from(device)
        for device in context.list_devices(subsystem="tty")
        if device.find_parent("usb", "usb_device") is not None
        or attribute(device, "type") not in ("", NO_UART)
    ]


def _printers() -> list[Node]:
    """USB interfaces of the printer class, with usblp's node where it has one."""
    lps = nodes_of("usbmisc")
    _, context = udev()
    found = []
    for device in context.list_devices(subsystem="usb", DEVTYPE="usb_interface"):
        if attribute(device, "bInterfaceClass") == PRINTER_CLASS:
            node = node_from(device)
            path = next((lp.path for lp in lps if _same_interface(lp, node)), "")
            found.append(replace(node, path=path))
    return found


def _same_interface(one: Node, other: Node) -> bool:
    return (one.plug, one.interface) == (other.plug, other.interface)
