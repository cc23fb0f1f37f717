"""What is plugged into the box, what each could be to a till, and how settings would name it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
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
from edge.drivers.settings import DeviceModel, NodeModel, UsbIdentity

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
        return (
            isinstance(device, NodeModel)
            and self.node.path != ""
            and Path(device.path).resolve() == Path(self.node.path).resolve()
        )


def survey() -> list[Found]:
    """All that is there now. Raises DeviceError without libudev."""
    kinds = (
        (_ports(), SERIAL_DRIVERS),
        (
            [node for node in nodes_of("input") if is_keyboard(node)],
            ("scanner_evdev", "keypad_evdev"),
        ),
        (_printers(), ("printer_usb",)),
        (nodes_of("graphics"), ("display_framebuffer",)),
        (nodes_of("gpio"), ("drawer_gpio",)),
    )
    return [found for nodes, drivers in kinds for found in _named(nodes, drivers)]


def snippet(found: Found, name: str) -> str:
    """Lines for the settings: the first driver of those that it could be."""
    driver, *others = found.drivers
    either = f"  # or {', '.join(others)}" if others else ""
    lines = ["[[devices]]", f'driver = "{driver}"{either}', f'name = "{name}"']
    if found.usb is not None:
        lines.append(f"usb = {{ {', '.join(_pairs(found.usb))} }}")
    elif driver == "drawer_gpio":
        lines += [f'chip = "{found.node.path}"', "line = 0  # the one that the drawer is wired to"]
    else:
        lines.append(f'path = "{found.node.path}"')
    return "\n".join(lines)


def _pairs(usb: UsbIdentity) -> Iterable[str]:
    for key, value in usb.model_dump(exclude_defaults=True).items():
        yield f"{key} = {value}" if isinstance(value, int) else f'{key} = "{value}"'


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
