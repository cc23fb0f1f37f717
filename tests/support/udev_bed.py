"""A udev of a test's own: umockdev makes /sys, /dev and the messages of the kernel for whoever runs
under its library, so that the real libudev and the real pyudev say what is plugged in.

A bed is a child process, for a library is preloaded at the start of a process or never; others
join it by `UdevBed.environment`. As a program, this file is that child: a line of JSON asks, one
answers.
"""

import asyncio
import ctypes
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PRELOADED = "libumockdev-preload.so.0"
LIBRARY = "libumockdev.so.0"
BUS = "/devices/pci0000:00/usb1"
# Where in /dev the nodes of a subsystem are.
FOLDERS = {"input": "input/", "usbmisc": "usb/"}


@dataclass(frozen=True)
class Function:
    """An interface of a USB device, with its node or without one; `keys` are the codes of an input
    device, `usb_class` the interface's in hex.
    """

    subsystem: str
    node: str
    interface: int = 0
    keys: tuple[int, ...] = ()
    usb_class: str = "ff"


@dataclass(frozen=True)
class Usb:
    """A USB device in a port."""

    port: str
    vendor: str
    product: str
    serial: str = ""
    manufacturer: str = ""
    model: str = ""
    functions: tuple[Function, ...] = field(default=())

    @property
    def path(self) -> str:
        """A hub's port is part of its own: `1-1.2` is behind `1-1`."""
        root, *ports = self.port.split(".")
        names = [".".join([root, *ports[:depth]]) for depth in range(len(ports) + 1)]
        return "/".join([BUS, *names])


def lines_of(usb: Usb) -> str:
    """As umockdev-record writes devices down: P path, E property, A attribute."""
    texts = {"manufacturer": usb.manufacturer, "product": usb.model, "serial": usb.serial}
    blocks = [
        [
            f"P: {usb.path}",
            "E: SUBSYSTEM=usb",
            "E: DEVTYPE=usb_device",
            f"A: idVendor={usb.vendor}\\n",
            f"A: idProduct={usb.product}\\n",
            *(f"A: {name}={text}\\n" for name, text in texts.items() if text),
        ]
    ]
    for each in usb.functions:
        interface = f"{usb.path}/{usb.port}:1.{each.interface}"
        blocks.append(
            [
                f"P: {interface}",
                "E: SUBSYSTEM=usb",
                "E: DEVTYPE=usb_interface",
                f"A: bInterfaceNumber={each.interface:02x}\\n",
                f"A: bInterfaceClass={each.usb_class}\\n",
            ]
        )
        if not each.node:
            continue
        node = f"{interface}/{each.subsystem}/{each.node}"
        if each.subsystem == "input":
            parent = f"{interface}/input/{each.node.replace('event', 'input')}"
            words = mask_words(each.keys)
            blocks.append([f"P: {parent}", "E: SUBSYSTEM=input", f"A: capabilities/key={words}\\n"])
            node = f"{parent}/{each.node}"
        name = FOLDERS.get(each.subsystem, "") + each.node
        blocks.append([f"P: {node}", f"E: DEVNAME=/dev/{name}", f"E: SUBSYSTEM={each.subsystem}"])
    # Two nodes of one interface name it twice.
    return "".join(dict.fromkeys("\n".join(block) + "\n\n" for block in blocks))


def mask_words(keys: Sequence[int]) -> str:
    """As the kernel's input_bits_to_string writes them: longs in hex, the highest first."""
    mask = sum(1 << key for key in keys)
    words = []
    while mask or not words:
        words.append(f"{mask & (1 << 64) - 1:x}")
        mask >>= 64
    return " ".join(reversed(words))


class UdevBed:
    """What is plugged in, for all who live in `environment`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.root = Path()

    @property
    def environment(self) -> dict[str, str]:
        return {"LD_PRELOAD": PRELOADED, "UMOCKDEV_DIR": str(self.root)}

    async def plug(self, usb: Usb, ends: Mapping[str, str] | None = None) -> None:
        """Plug it in and say so; `ends` are what its nodes really are: node -> path."""
        numbers = {node: os.stat(end).st_rdev for node, end in (ends or {}).items()}  # noqa: PTH116
        await self.ask(do="plug", usb=asdict(usb), ends=dict(ends or {}), numbers=numbers)

    async def solder(self, node: str, uart: int) -> None:
        """A serial port of the board; `uart` is the type of its chip, 0 where there is none."""
        await self.ask(do="solder", node=node, uart=uart)

    async def unplug(self, usb: Usb) -> None:
        await self.ask(do="unplug", usb=asdict(usb))

    async def claim(self, usb: Usb) -> None:
        """What is said when its interface is taken from the kernel's driver and given back."""
        await self.ask(do="claim", usb=asdict(usb))

    async def arrivals(self) -> list[bool]:
        """Of each message since the last time, whether it is one; first of all listen."""
        return list(await self.ask(do="arrivals"))

    async def find(self, subsystem: str, usb: dict[str, Any], fits: str = "anything") -> str:
        """What find_node says for a device called "lamp": a path, or the error with its kind."""
        return str(await self.ask(do="find", subsystem=subsystem, identity=usb, fits=fits))

    async def ask(self, **request: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        async with asyncio.timeout(20):
            line = await self._process.stdout.readline()
        assert line, "the bed is gone; what it said stands above"
        return json.loads(line)


@asynccontextmanager
async def udev_bed() -> AsyncIterator[UdevBed]:
    """A box with nothing plugged in."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        __file__,
        env={**os.environ, "LD_PRELOAD": PRELOADED, "PYTHONPATH": str(ROOT)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    bed = UdevBed(process)
    try:
        bed.root = Path(await bed.ask(do="root"))
        yield bed
    finally:
        assert process.stdin is not None
        process.stdin.close()
        async with asyncio.timeout(20):
            assert await process.wait() == 0


# --- the child


class _Umockdev:
    """The few of its functions that are called, by their C names."""

    def __init__(self) -> None:
        self._lib = ctypes.CDLL(LIBRARY)
        self._lib.umockdev_testbed_new.restype = ctypes.c_void_p
        self._lib.umockdev_testbed_get_root_dir.restype = ctypes.c_char_p
        self._lib.umockdev_testbed_add_from_string.restype = ctypes.c_bool
        self._bed = ctypes.c_void_p(self._lib.umockdev_testbed_new())
        root: bytes = self._lib.umockdev_testbed_get_root_dir(self._bed)
        self.root = Path(root.decode())

    def add(self, lines: str) -> None:
        assert self._lib.umockdev_testbed_add_from_string(self._bed, lines.encode(), None), lines

    def remove(self, path: str) -> None:
        self._lib.umockdev_testbed_remove_device(self._bed, f"/sys{path}".encode())

    def say(self, path: str, action: str) -> None:
        self._lib.umockdev_testbed_uevent(self._bed, f"/sys{path}".encode(), action.encode())

    def gone(self) -> None:
        """With its folder."""
        ctypes.CDLL("libgobject-2.0.so.0").g_object_unref(self._bed)


def _paths(usb: Usb) -> list[str]:
    return [line[3:] for line in lines_of(usb).splitlines() if line.startswith("P: ")]


def _usb(fields: dict[str, Any]) -> Usb:
    functions = [Function(**{**each, "keys": tuple(each["keys"])}) for each in fields["functions"]]
    return Usb(**{**fields, "functions": tuple(functions)})


def _plug(umockdev: _Umockdev, request: dict[str, Any]) -> None:
    usb = _usb(request["usb"])
    umockdev.add(lines_of(usb))
    for node, end in request["ends"].items():
        # Not umockdev's own kind of node, which can't be unplugged.
        (umockdev.root / "dev").mkdir(exist_ok=True)
        (umockdev.root / "dev" / node).symlink_to(end)
        # What stat(2) is to say of it.
        number = request["numbers"][node]
        link = umockdev.root / "dev/.node" / node
        link.parent.mkdir(exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(f"{os.major(number)}:{os.minor(number)}")
    for path in _paths(usb):
        umockdev.say(path, "add")


def _solder(umockdev: _Umockdev, request: dict[str, Any]) -> None:
    node = request["node"]
    umockdev.add(
        f"P: /devices/platform/serial8250/tty/{node}\nE: DEVNAME=/dev/{node}\n"
        f"E: SUBSYSTEM=tty\nA: type={request['uart']}\\n\n"
    )


def _unplug(umockdev: _Umockdev, request: dict[str, Any]) -> None:
    usb = _usb(request["usb"])
    for path in reversed(_paths(usb)):
        umockdev.say(path, "remove")
        umockdev.remove(path)
    for each in usb.functions:
        (umockdev.root / "dev" / each.node).unlink(missing_ok=True)


def _claim(umockdev: _Umockdev, request: dict[str, Any]) -> None:
    _, interface, node = _paths(_usb(request["usb"]))
    for path, action in (
        (node, "remove"),
        (interface, "unbind"),
        (node, "add"),
        (interface, "bind"),
    ):
        umockdev.say(path, action)


class _Ear:
    """Listens from the first question on."""

    def __init__(self) -> None:
        self._heard: Any = None

    def answer(self, _: _Umockdev, __: dict[str, Any]) -> list[bool]:
        from edge.drivers.hotplug import Arrivals, udev_monitor  # noqa: PLC0415 - as for _find

        if self._heard is None:
            self._heard = udev_monitor(), Arrivals()
        monitor, arrivals = self._heard
        return [arrivals.take(message) for message in iter(monitor.read, None)]


def _find(_: _Umockdev, request: dict[str, Any]) -> str:
    from edge.drivers import plugs  # noqa: PLC0415 - the parent does not need them
    from edge.drivers.settings import NodeModel, UsbIdentity  # noqa: PLC0415 - likewise
    from edge.ports import DeviceError  # noqa: PLC0415 - likewise

    device = NodeModel(name="lamp", usb=UsbIdentity(**request["identity"]))
    try:
        return plugs.find_node(device, request["subsystem"], getattr(plugs, request["fits"]))
    except DeviceError as error:
        return f"{type(error).__name__}: {error}"


def _answer_requests() -> None:
    umockdev = _Umockdev()
    doers = {
        "root": lambda bed, _: str(bed.root),
        "plug": _plug,
        "solder": _solder,
        "unplug": _unplug,
        "claim": _claim,
        "arrivals": _Ear().answer,
        "find": _find,
    }
    for line in sys.stdin:
        request = json.loads(line)
        sys.stdout.write(json.dumps(doers[request["do"]](umockdev, request)) + "\n")
        sys.stdout.flush()
    umockdev.gone()


if __name__ == "__main__":
    _answer_requests()
