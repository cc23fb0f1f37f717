"""A keypad or keyboard on USB (HID), through evdev, with a keymap file."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, Self

from pydantic import Field

from edge.checkout.inputs import Key, KeyPressed
from edge.drivers.device_thread import DeviceThread
from edge.drivers.keys.input_events import EventParser, EventsLost, KeyEvent, Motion
from edge.drivers.keys.input_node import NEEDS_EVDEV, InputNode, open_input
from edge.drivers.keys.keymap import READY, Keymap, KeymapRefused, read_keymap
from edge.drivers.living import LivingDevice
from edge.drivers.settings import NodeModel, Surroundings
from edge.ports import DeviceError

# A hand that pressed the layer's key and stopped to think begins anew.
LAYER_MS = 3_000


class KeypadEvdevSettings(NodeModel):
    """`keymap` is the name of one that comes with the till, or a file's path."""

    driver: Literal["keypad_evdev"]
    keymap: str = Field(default="pad20", min_length=1, max_length=255)

    def with_paths_from(self, folder: Path) -> Self:
        """With its file where edge.toml, which lies in that folder, says."""
        if self.keymap in READY:
            return self
        return self.model_copy(update={"keymap": str(folder / self.keymap)})

    def problems(self) -> tuple[str, ...]:
        """Why the keymap can't be used, a line each; nothing when it can, or when evdev is not
        here to tell: a till sells without its keypad, and says what it needs when it opens it.
        """
        try:
            read_keymap(self.keymap)
        except KeymapRefused as refused:
            return tuple(refused.lines)
        except ImportError:
            return ()
        return ()


class Keys:
    """The till's keys out of a keyboard's. Pure. A press is a press, whether or not a release was
    seen before it; the layer's key acts on the one key behind it, so that no lost release keeps it
    down.
    """

    def __init__(self, keymap: Keymap) -> None:
        self._keymap = keymap
        self._layered_until_ms: int | None = None
        self.unknown = 0

    def take(self, event: KeyEvent, now_ms: int) -> Iterator[Key]:
        """The key that was pressed, if one was."""
        if isinstance(event, EventsLost):
            self._layered_until_ms = None
            return
        if event.motion is not Motion.DOWN:
            return
        until_ms, self._layered_until_ms = self._layered_until_ms, None
        layered = until_ms is not None and now_ms < until_ms
        if event.code == self._keymap.layer:
            # Pressed twice, it is taken back.
            self._layered_until_ms = None if layered else now_ms + LAYER_MS
            return
        key = (self._keymap.layered if layered else self._keymap.keys).get(event.code)
        if key is None:
            self.unknown += 1
        else:
            yield key


class EvdevKeypad(LivingDevice[InputNode]):
    """Offers KeyPressed for each key. `unknown` counts the keys that its keymap has not."""

    def __init__(self, settings: KeypadEvdevSettings, around: Surroundings) -> None:
        super().__init__(settings, around)
        self.unknown = 0
        self._settings = settings
        self._around = around
        self._keymap: Keymap | None = None
        self._thread = DeviceThread(settings.name)

    @property
    def keys(self) -> frozenset[Key]:
        """Those that it can send; none before its keymap was read."""
        if self._keymap is None:
            return frozenset()
        return frozenset((*self._keymap.keys.values(), *self._keymap.layered.values()))

    async def _open(self) -> InputNode:
        """Its keymap is read anew each time: a file that was changed counts from the next plug."""
        try:
            self._keymap = await asyncio.to_thread(read_keymap, self._settings.keymap)
        except KeymapRefused as refused:
            raise DeviceError(f"{self.name}: {refused.lines[0]}") from refused
        except ImportError as error:
            raise DeviceError(f"{self.name}: {NEEDS_EVDEV} ({error})") from error
        return await open_input(self._settings, self._thread)

    async def _serve(self, node: InputNode) -> None:
        assert self._keymap is not None, "opened without a keymap"
        events, keys = EventParser(), Keys(self._keymap)
        before = self.unknown

        def take(data: bytes) -> None:
            at = self._around.clock.now()
            for event in events.feed(data):
                for key in keys.take(event, at.mono_ms):
                    # A full inbox counts the loss and tells the cashier itself.
                    self._around.inbox.offer(KeyPressed(key=key, at=at))
            self.unknown = before + keys.unknown

        await node.each(take)
