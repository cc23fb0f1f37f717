"""A till on a bench, as a scenario sees it: the same words whatever the till is made of."""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from hil_tests.ports import Gear, Rig
from hil_tests.shop import CODES
from tests.support.kiosk import Pole, Printed

# What was scanned longer ago than this is on disk, whatever happens: docs/life-of-a-sale.md.
KEPT_AFTER_S: Final = 1.0
# What `edge health` ends with while no till runs on the store.
NOT_UP: Final = 2
# Asking the box takes a moment each time, over a network a long one.
ASKED_AT_MOST: Final = 100


class TillEndedError(Exception):
    """The till is gone while something was expected of it; its last words."""


class Bench:
    """What one can do to the till, and what one sees of it. Waiting has an end: TimeoutError."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self._pole = Pole(rig.display)

    # --- power

    async def power_on(self) -> None:
        """The till is started, and ready for a customer or for what the power cut left."""
        self._rig.display.forget()
        await self._rig.power.on()
        await self.until_ready()

    async def power_cut(self) -> None:
        await self._rig.power.cut()

    async def stop(self) -> int:
        return await self._rig.power.stop()

    # --- hands

    def scan(self, name: str) -> None:
        """An article of the bench's shop, or any other code."""
        self._rig.scanner.scan(CODES.get(name, name))

    def press(self, keys: str) -> None:
        """Keys by their names, a space between them: `7 00 CASH`."""
        for key in keys.split():
            self._rig.keypad.press(key)

    async def put_in_basket(self, *names: str) -> None:
        """Scan, each after the one before it is shown."""
        for name in names:
            self.scan(name)
            await self.until_shown(name)

    async def sell(self, *names: str, keys: str = "CASH") -> Printed:
        """A whole sale: its receipt."""
        papers = len(self.papers)
        await self.put_in_basket(*names)
        self.press(keys)
        return (await self.until_printed(papers + 1))[-1]

    async def unplug(self, gear: Gear) -> None:
        await self._rig.plugs[gear].pull()

    async def plug(self, gear: Gear) -> None:
        await self._rig.plugs[gear].push()

    def take_paper_out(self) -> None:
        """DLE EOT 4 says that the roll ends, DLE EOT 2 that it stopped printing."""
        self._rig.printer.reader.status.update({2: 0x32, 4: 0x72})

    def put_paper_in(self) -> None:
        self._rig.printer.reader.status.update({2: 0x12, 4: 0x12})

    def shut_drawer(self) -> None:
        self._rig.drawer.shut()

    # --- eyes

    @property
    def glass(self) -> tuple[str, str]:
        """The customer's display, as it stands there."""
        return self._pole.shown

    @property
    def papers(self) -> list[Printed]:
        """The whole papers that came out."""
        return self._rig.printer.whole

    @property
    def pulses_ms(self) -> list[int]:
        return self._rig.drawer.pulses_ms

    @property
    def complaints(self) -> Sequence[str]:
        """What no till should have sent to its printer."""
        return self._rig.printer.complaints

    async def until(self, condition: Callable[[], object]) -> None:
        """TillEndedError when the till ended before that."""
        await self._rig.changes.until(lambda: condition() or self._rig.power.ended)
        if not condition():
            raise TillEndedError(self._rig.power.ended)

    async def until_shown(self, *parts: str) -> None:
        """Until the customer's display shows all of these."""
        try:
            await self.until(lambda: all(part in "\n".join(self.glass) for part in parts))
        except TimeoutError:
            raise TimeoutError(f"not shown: {parts}, but {self.glass}") from None

    async def until_kept(self) -> None:
        """Until a power cut loses nothing of what was scanned."""
        loop = asyncio.get_running_loop()
        kept_at_s = loop.time() + KEPT_AFTER_S
        loop.call_at(kept_at_s, self._rig.changes.tell)
        await self.until(lambda: loop.time() >= kept_at_s)

    async def until_ready(self, *gear: Gear) -> None:
        """Until the till says of its own accord that it has these devices; all, if none is named.
        Asking the box takes a moment each time, so that this is no busy loop.
        """
        states: dict[str, str] = {}
        for _ in range(ASKED_AT_MOST):
            if self._rig.power.ended:
                raise TillEndedError(self._rig.power.ended)
            states = await self.device_states()
            wanted = gear or tuple(states)
            if states and all(states[each] == "ready" for each in wanted):
                return
        raise TimeoutError(f"not ready: {states}")

    async def device_states(self) -> dict[str, str]:
        """Each device's state, by name; empty while the till is not up."""
        status, said = await self._rig.power.edge("health", "--store", self._rig.store, "--json")
        if status == NOT_UP:
            return {}
        return {each["name"]: each["state"] for each in json.loads(said)["devices"]}

    async def until_printed(self, count: int) -> list[Printed]:
        await self.until(lambda: len(self.papers) >= count)
        return self.papers

    # --- the box's own command line

    async def journal(self) -> list[dict[str, Any]]:
        """All records, oldest first; they verify."""
        for command in ("verify", "export"):
            status, said = await self._rig.power.edge(
                "journal", command, "--store", self._rig.store
            )
            assert status == 0, said
        return [json.loads(line) for line in said.splitlines()]

    async def kinds(self) -> list[str]:
        return [record["kind"] for record in await self.journal()]

    async def selftest(self) -> tuple[int, dict[str, Any]]:
        """What needs no hands, while the till is stopped: exit status and report."""
        status, said = await self.edge("selftest", "--unattended", "--json", "-")
        assert "{" in said, said
        report, _ = json.JSONDecoder().raw_decode(said, said.index("{"))
        return status, report

    async def edge(self, *arguments: str) -> tuple[int, str]:
        """A command that reads the settings: exit status and what it printed."""
        return await self._rig.power.edge(*arguments, "--config", self._rig.settings)
