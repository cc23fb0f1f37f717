"""A programmable keypad at a serial port: a byte a key, or a line with the key's name."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from edge.checkout.inputs import Key, KeyPressed
from edge.drivers.device_thread import DeviceThread
from edge.drivers.keys.frames import KeyLineParser, KeyParser
from edge.drivers.lines.byte_line import ByteLine, open_serial
from edge.drivers.living import LivingDevice
from edge.drivers.settings import SerialModel, Surroundings


def default_keymap() -> dict[str, Key]:
    """Digits and the point are themselves; function keys are letters, as docs/devices.md lists."""
    return {key.value: key for key in Key if len(key.value) == 1} | {
        "Z": Key.DOUBLE_ZERO,
        "*": Key.TIMES,
        "\r": Key.ENTER,
        "E": Key.ENTER,
        "L": Key.CLEAR,
        "V": Key.VOID,
        "S": Key.SUBTOTAL,
        "C": Key.CASH,
        "K": Key.CARD,
        "P": Key.MOBILE,
        "I": Key.MEMBER,
        "M": Key.MENU,
        "U": Key.UP,
        "D": Key.DOWN,
    }


def _one_ascii_byte_each(keymap: dict[str, Key]) -> dict[str, Key]:
    for character in keymap:
        if len(character) != 1 or not character.isascii():
            raise ValueError(f"a keymap's key is one ASCII character, not {character!r}")
    return keymap


class KeypadSerialSettings(SerialModel):
    """`keymap` replaces the default one whole: character -> name of the key."""

    driver: Literal["keypad_serial"]
    framing: Literal["byte", "line"] = "byte"
    keymap: Annotated[
        dict[str, Annotated[Key, Field(strict=False)]], AfterValidator(_one_ascii_byte_each)
    ] = Field(default_factory=default_keymap, min_length=1, max_length=128)


class SerialKeypad(LivingDevice[ByteLine]):
    """Offers KeyPressed for each key."""

    def __init__(self, settings: KeypadSerialSettings, around: Surroundings) -> None:
        super().__init__(settings, around)
        self.garbled = 0
        self._settings = settings
        self._around = around
        self._thread = DeviceThread(settings.name)

    @property
    def keys(self) -> frozenset[Key]:
        """Those that it can send; by their names it is all."""
        return frozenset(
            self._settings.keymap.values() if self._settings.framing == "byte" else Key
        )

    async def _open(self) -> ByteLine:
        return await open_serial(self._settings, self._around.clock, self._thread)

    async def _serve(self, line: ByteLine) -> None:
        parser: KeyParser | KeyLineParser = (
            KeyParser(self._settings.keymap)
            if self._settings.framing == "byte"
            else KeyLineParser()
        )
        before = self.garbled
        while True:
            for key in parser.feed(await line.read()):
                # A full inbox counts the loss and tells the cashier itself.
                self._around.inbox.offer(KeyPressed(key=key, at=self._around.clock.now()))
            self.garbled = before + parser.garbled
