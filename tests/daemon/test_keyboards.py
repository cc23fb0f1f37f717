"""A sale through the real daemon with a scanner and a keypad that are keyboards."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.daemon import CODES, Box, box
from tests.support.input_devices import Keyboard, plugged_in, pressed, typed
from tests.support.kiosk import Printed, Pulse
from tests.support.left_behind import left_behind

DAEMON = ("-m", "tests.support.evdev_daemon")
# One keymap of the shop's own, beside edge.toml.
KEYMAP = '[keys]\nKEY_C = "CASH"\n'


@dataclass
class Counter:
    """The box with its keyboards."""

    till: Box
    scanner: Keyboard
    keypad: Keyboard

    def press(self, *keys: str) -> None:
        for key in keys:
            self.keypad.play(pressed(f"KEY_{key}"))

    async def up(self, keymap: str) -> None:
        serial = self.till.config.read_text(encoding="utf-8")
        for kind, keyboard, more in (
            ("scanner", self.scanner, 'layout = "fr"'),
            ("keypad", self.keypad, f'keymap = "{keymap}"'),
        ):
            path = f'path = "{keyboard.path.with_name(kind)}"'
            assert path in serial
            serial = serial.replace(f"{kind}_serial", f"{kind}_evdev")
            serial = serial.replace(path, f'path = "{keyboard.path}"\n{more}')
        self.till.config.write_text(serial, encoding="utf-8")
        await self.till.up(DAEMON)

    async def scan(self, name: str) -> None:
        self.scanner.play(typed(CODES[name], "fr"))
        await self.till.until_shown(name)


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    (tmp_path / "keys.toml").write_text(KEYMAP, encoding="utf-8")
    scanner, keypad = Keyboard(tmp_path / "scanner-keys"), Keyboard(tmp_path / "keypad-keys")
    with plugged_in(scanner, keypad):
        async with box(tmp_path) as till:
            yield Counter(till, scanner, keypad)


async def test_a_scan_and_a_key_of_the_pad_make_a_stored_sale_and_a_receipt(
    counter: Counter,
) -> None:
    await counter.up("pad20")
    await counter.scan("Green tea")
    await counter.scan("Pencil")
    # The second layer: VOID, SUBTOTAL.
    counter.press("NUMLOCK", "BACKSPACE", "NUMLOCK", "KPPLUS")
    await counter.till.until_shown("TOTAL", "4.99")
    counter.press("KPPLUS")
    await counter.till.until_printed(1)
    assert counter.till.printer.events == [Pulse(), Printed(1, 499, copy=False, whole=True)]
    assert await counter.till.stop() == 0
    left = left_behind(counter.till.store)
    assert (left.problems, left.totals) == ((), {1: 499})


async def test_keyboards_that_are_pulled_in_the_middle_of_a_sale_end_it_when_they_are_back(
    counter: Counter,
) -> None:
    await counter.up("keys.toml")
    await counter.scan("Pencil")
    for keyboard, name in ((counter.scanner, "scanner"), (counter.keypad, "keypad")):
        keyboard.unplug()
        await counter.till.until(lambda name=name: _times(counter, "device_lost", name) == 1)
        keyboard.plug()
        await counter.till.until(lambda name=name: _times(counter, "device_ready", name) == 2)
    await counter.scan("Notebook")
    counter.press("C")
    (receipt,) = await counter.till.until_printed(1)
    assert receipt.total_minor == 120 + 350


def _times(counter: Counter, event: str, device: str) -> int:
    return sum(line["device"] == device for line in counter.till.daemon.events(event))
