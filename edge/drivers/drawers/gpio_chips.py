"""GPIO chips of the kernel: found by path or label, opened through gpiod. The seam to the kernel.

This module loads gpiod, so it is imported by who opens a chip, when he does.
"""

import errno
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, Protocol

from gpiod import Chip as KernelChip
from gpiod import EdgeEvent, LineSettings
from gpiod.line import Value

from edge.drivers.lifecycle import DeviceAbsentError
from edge.ports import DeviceError

# No node, or one whose chip has gone.
ABSENT: Final = frozenset({errno.ENOENT, errno.ENODEV, errno.ENXIO})


class Request(Protocol):
    """The part of gpiod.LineRequest that is used here."""

    @property
    def fd(self) -> int: ...

    def get_value(self, line: int | str) -> Value: ...

    def set_value(self, line: int | str, value: Value) -> None: ...

    def reconfigure_lines(
        self, config: dict[Iterable[int | str] | int | str, LineSettings | None]
    ) -> None: ...

    def read_edge_events(self, max_events: int | None = None) -> list[EdgeEvent]: ...

    def release(self) -> None: ...


class Chip(Protocol):
    """The part of gpiod.Chip that is used here: the seam to the kernel."""

    @property
    def fd(self) -> int: ...

    def get_info(self) -> Any: ...

    def get_line_info(self, line: int | str) -> Any: ...

    def request_lines(
        self,
        config: dict[Iterable[int | str] | int | str, LineSettings | None],
        consumer: str | None = None,
    ) -> Request: ...

    def close(self) -> None: ...


def chip_nodes() -> list[str]:
    """The chips of the box, by their nodes."""
    return sorted(str(node) for node in Path("/dev").glob("gpiochip*"))


def open_chip(
    chip: str,
    open_node: Callable[[str], Chip] = KernelChip,
    nodes: Callable[[], list[str]] = chip_nodes,
) -> Chip:
    """The chip at a path (`/dev/gpiochip0`), or with a label (`pinctrl-bcm2711`), whatever number
    it has this time. Raises DeviceAbsentError, or DeviceError with what to do.
    """
    if chip.startswith("/"):
        return _open_node(chip, open_node)
    found: list[Chip] = []
    refused: DeviceError | None = None
    for node in nodes():
        try:
            opened = _labelled(node, chip, open_node)
        except DeviceAbsentError:
            continue
        except DeviceError as error:
            refused = error
            continue
        if opened is not None:
            found.append(opened)
    if len(found) == 1:
        return found[0]
    for each in found:
        each.close()
    if found:
        raise DeviceError(f"{len(found)} GPIO chips have the label {chip!r}; name one by its path")
    raise refused or DeviceAbsentError(f"no GPIO chip has the label {chip!r}")


def label_of(node: str, open_node: Callable[[str], Chip] = KernelChip) -> str:
    """The label of the chip at a node, of which asking takes no line. Raises as `open_chip`."""
    chip = _open_node(node, open_node)
    try:
        return str(chip.get_info().label)
    except OSError as error:
        raise fault_of(node, error) from error
    finally:
        chip.close()


def _open_node(node: str, open_node: Callable[[str], Chip]) -> Chip:
    try:
        return open_node(node)
    except OSError as error:
        raise fault_of(node, error) from error


def _labelled(node: str, label: str, open_node: Callable[[str], Chip]) -> Chip | None:
    """The chip at a node, if it has that label."""
    opened = _open_node(node, open_node)
    try:
        if opened.get_info().label == label:
            return opened
    except OSError as error:
        opened.close()
        raise fault_of(node, error) from error
    opened.close()
    return None


def fault_of(what: str, error: OSError) -> DeviceError:
    """What the kernel said of a chip or a line, as the house says it."""
    if error.errno in ABSENT:
        return DeviceAbsentError(f"{what}: no GPIO chip is there")
    if isinstance(error, PermissionError):
        return DeviceError(f"{what}: no permission; the till's user must be in its group, `gpio`")
    if error.errno == errno.ENOTTY:
        return DeviceError(f"{what}: is no GPIO chip")
    return DeviceError(f"{what}: {error.strerror or error}")
