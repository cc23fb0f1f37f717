"""Where a device is now: the node of the kernel behind what the settings name."""

from edge.drivers.lifecycle import DeviceAbsentError
from edge.drivers.settings import NodeModel, UsbIdentity
from edge.ports import DeviceError


def find_node(device: NodeModel, subsystem: str) -> str:
    """The node of the settings: its path, or the one of `subsystem` ("tty", "input", "usbmisc")
    that the USB device has now. Raises DeviceAbsentError when there is none, DeviceError when
    there are several.
    """
    if device.usb is None:
        return device.path
    nodes = _nodes_of(device.usb, subsystem)
    if not nodes:
        raise DeviceAbsentError(f"{device.name}: no USB device {_shown(device.usb)} is plugged in")
    if len(nodes) > 1:
        raise DeviceError(
            f"{device.name}: {' and '.join(nodes)} are both {_shown(device.usb)}; "
            "name the serial number or the port"
        )
    return nodes[0]


def _nodes_of(usb: UsbIdentity, subsystem: str) -> list[str]:
    # Here, because a box whose devices are all named by path needs no libudev.
    import pyudev  # type: ignore[import-untyped]  # noqa: PLC0415 - it has no types

    nodes = []
    for device in pyudev.Context().list_devices(subsystem=subsystem):
        parent = device.find_parent("usb", "usb_device")
        if device.device_node and parent is not None and _is(usb, parent):
            nodes.append(device.device_node)
    return sorted(nodes)


def _is(usb: UsbIdentity, device: object) -> bool:
    attributes = device.attributes  # type: ignore[attr-defined] # pyudev has no types
    said = {
        name: attributes.get(name, b"").decode("utf-8", "replace").strip()
        for name in ("idVendor", "idProduct", "serial")
    }
    return (
        (said["idVendor"], said["idProduct"]) == (usb.vendor, usb.product)
        and usb.serial in ("", said["serial"])
        and usb.port in ("", device.sys_name)  # type: ignore[attr-defined] # likewise
    )


def _shown(usb: UsbIdentity) -> str:
    beside = "".join(
        f" {name} {value}" for name, value in (("serial", usb.serial), ("port", usb.port)) if value
    )
    return f"{usb.vendor}:{usb.product}{beside}"
