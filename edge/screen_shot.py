"""What the cashier sees now, asked of the running daemon and drawn as a picture."""

from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from edge.checkout.screens import CashierScreen
from edge.control import ControlRefused, told

SCREEN: Final = b"screen\n"


def answer_screen(shown: Callable[[], CashierScreen]) -> Callable[[], Awaitable[object]]:
    """What the daemon answers to SCREEN: the screen as JSON."""

    async def answer() -> object:
        return _screens().dump_python(shown(), mode="json")

    return answer


def shoot_screen(store: Path, picture: Path, size: tuple[int, int]) -> None:
    """Write the screen of the till that has `store` open as a PNG of `size` dots. Raises
    ControlRefused, OSError, or ValueError for what can't be drawn or is called otherwise.
    """
    if picture.suffix.lower() != ".png":
        raise ValueError(f"{picture}: it is a PNG, so end its name in .png")
    screen = _asked(store)
    # Here, because the daemon imports this module, and draws no picture of a screen.
    from edge.drivers.displays.screen_picture import draw_screen  # noqa: PLC0415 - likewise
    from edge.drivers.printers.receipt_picture import FontMissingError  # noqa: PLC0415

    try:
        draw_screen(screen, size).save(picture, format="PNG", optimize=True)
    except FontMissingError as error:
        raise ValueError(str(error)) from error


def _asked(store: Path) -> CashierScreen:
    try:
        answer = told(store, SCREEN)
    except ControlRefused as refused:
        if isinstance(refused.__cause__, FileNotFoundError | ConnectionRefusedError):
            raise ControlRefused(f"{store}: no till runs on this store") from refused
        raise
    try:
        screen: CashierScreen = _screens().validate_python(answer)
    except ValidationError as error:
        raise ControlRefused(f"{store}: the till runs another version of the software") from error
    return screen


@cache
def _screens() -> TypeAdapter[Any]:
    return TypeAdapter(CashierScreen)
