"""Each check of a device on simulated ones: with a technician, and with one who has gone home."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edge.checkout.devices import Kind
from edge.checkout.inputs import DeviceChanged, DeviceState, Key, StoreFailure
from edge.drivers.keys.keypad_evdev import EvdevKeypad, KeypadEvdevSettings
from edge.drivers.keys.keypad_serial import KeypadSerialSettings, SerialKeypad
from edge.ports import DeviceError, StoreError
from edge.selftest.bench import Answer, Happenings, Patience
from edge.selftest.plan import Aspect, Part
from edge.selftest.run import NoJournal
from edge.selftest.verdict import Outcome
from edge.selftest.words import SelftestWord as W
from tests.support.devices import DEADLINE_S, RecordingInbox, surroundings
from tests.support.selftest_desk import CALM, HURRY, NOW, Desk, desk


class Drawer:
    """With a switch or without; `springs` says whether the pulse opens it."""

    def __init__(
        self, *, is_open: bool | None = None, fault: str = "", springs: bool = True
    ) -> None:
        self.name = "drawer"
        self.is_open = is_open
        self.fault = fault
        self.springs = springs
        self.pulses = 0

    async def open(self) -> None:
        if self.fault:
            raise DeviceError(f"drawer: {self.fault}")
        self.pulses += 1
        if self.is_open is not None:
            self.is_open = self.springs


class Pad:
    def __init__(self, *keys: Key) -> None:
        self.name = "keypad"
        self.keys = frozenset(keys)


async def kinds(desk: Desk) -> list[str]:
    store: Any = desk.bench.store
    return [record.kind for record in await store.journal_after(0, 0, 100)]


# --- before the first check


async def settled(patience: Patience, *states: DeviceState) -> dict[str, DeviceState]:
    """What is known of the gun when the checks begin; it tells its states long after a time-out of
    nothing is over.
    """
    happenings = Happenings()
    loop = asyncio.get_running_loop()

    def turn(left: int) -> None:
        if left:
            loop.call_soon(turn, left - 1)
        else:
            for state in states:
                happenings.hear("gun", DeviceChanged(NOW, "gun", state))

    turn(100)
    async with asyncio.timeout(DEADLINE_S):
        await happenings.settled(["gun"], patience)
    return happenings.states


async def test_no_check_begins_before_every_device_is_heard_of() -> None:
    patience = Patience(ready_ms=60_000, absent_ms=0)
    assert await settled(patience, DeviceState.READY) == {"gun": DeviceState.READY}


async def test_what_says_that_it_is_not_there_is_waited_for_less() -> None:
    patience = Patience(ready_ms=60_000, absent_ms=0)
    assert await settled(patience, DeviceState.ABSENT) == {"gun": DeviceState.ABSENT}
    assert await settled(Patience(ready_ms=0, absent_ms=0), DeviceState.READY) == {}


# --- a device at a time


async def test_a_drawer_with_a_switch_needs_nobody_to_be_asked_but_somebody_to_shut_it(
    tmp_path: Path,
) -> None:
    drawer = Drawer(is_open=False)
    async with desk(tmp_path, CALM, drawer=drawer) as at:

        def shut(line: str) -> None:
            if line == "Shut the drawer":
                drawer.is_open = False
                at.bench.happenings.tell()

        at.on_line = shut
        assert (await at.look(Part.DRAWER, Aspect.SENSE, "drawer")).outcome is Outcome.PASSED
        assert (await at.look(Part.DRAWER, Aspect.KICK, "drawer")).outcome is Outcome.PASSED
        assert drawer.pulses == 1
        assert await kinds(at) == ["epoch.opened", "drawer.no_sale"]


async def test_a_drawer_that_is_open_that_nobody_shuts_or_that_faults_has_failed(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path, HURRY, drawer=Drawer(is_open=True)) as at:
        verdict = await at.look(Part.DRAWER, Aspect.SENSE, "drawer")
        assert (verdict.outcome, verdict.word) == (Outcome.FAILED, W.DRAWER_OPEN)
        verdict = await at.look(Part.DRAWER, Aspect.KICK, "drawer")
        assert (verdict.outcome, verdict.word) == (Outcome.FAILED, W.NOT_SHUT)
    stuck = Drawer(is_open=False, fault="did not open within 1000 ms")
    async with desk(tmp_path, HURRY, drawer=stuck) as at:
        verdict = await at.look(Part.DRAWER, Aspect.KICK, "drawer")
        assert (verdict.outcome, verdict.detail) == (Outcome.FAILED, stuck.fault)


async def test_a_switch_that_is_lost_while_the_drawer_is_open_has_failed(tmp_path: Path) -> None:
    drawer = Drawer(is_open=False)
    async with desk(tmp_path, HURRY, drawer=drawer) as at:

        def lose(line: str) -> None:
            if line == "Shut the drawer":
                drawer.is_open = None
                at.bench.happenings.tell()

        at.on_line = lose
        verdict = await at.look(Part.DRAWER, Aspect.KICK, "drawer")
        assert (verdict.outcome, verdict.word) == (Outcome.FAILED, W.NOT_SHUT)


async def test_no_drawer_opens_on_a_disk_that_takes_no_record(tmp_path: Path) -> None:
    drawer = Drawer()
    async with desk(tmp_path, HURRY, drawer=drawer) as at:
        no_journal = NoJournal(StoreError(StoreFailure.IO_ERROR, "read-only"))
        at.bench = replace(at.bench, store=no_journal)
        verdict = await at.look(Part.DRAWER, Aspect.KICK, "drawer")
        assert (verdict.outcome, verdict.word) == (Outcome.SKIPPED, W.NOT_OPENED_UNRECORDED)
    assert drawer.pulses == 0


async def test_no_drawer_opens_without_a_record_even_when_it_does_not_open(tmp_path: Path) -> None:
    async with desk(tmp_path, HURRY, drawer=Drawer(fault="no 24 V")) as at:
        await at.look(Part.DRAWER, Aspect.KICK, "drawer")
        assert await kinds(at) == ["epoch.opened", "drawer.no_sale"]


async def test_a_drawer_without_a_switch_is_asked_for(tmp_path: Path) -> None:
    async with desk(tmp_path, HURRY, drawer=Drawer()) as at:
        assert (await at.look(Part.DRAWER, Aspect.SENSE, "drawer")).outcome is Outcome.SKIPPED
        at.on_line = lambda _: at.press(Key.DIGIT_1, Key.CLEAR)
        verdict = await at.look(Part.DRAWER, Aspect.KICK, "drawer")
        assert (verdict.outcome, verdict.word) == (Outcome.FAILED, W.NOT_KICKED)
        at.on_line = lambda _: None
        verdict = await at.look(Part.DRAWER, Aspect.KICK, "drawer")
        assert (verdict.outcome, verdict.word) == (Outcome.FAILED, W.NO_ANSWER)


async def test_each_key_is_ticked_off_once(tmp_path: Path) -> None:
    async with desk(tmp_path, CALM, keypad=Pad(Key.CASH, Key.VOID)) as at:

        def press(line: str) -> None:
            if "Left: " in line:
                left = line.partition("Left: ")[2].split()
                at.press(Key.MENU, Key(left[0]), Key(left[0]))

        at.on_line = press
        verdict = await at.look(Part.KEYPAD, Aspect.KEYS, "keypad")
        assert (verdict.outcome, verdict.measured) == (Outcome.PASSED, {"pressed": 2})


async def test_dead_keys_are_named(tmp_path: Path) -> None:
    async with desk(tmp_path, HURRY, keypad=Pad(Key.CASH, Key.VOID)) as at:
        pressed = iter([Key.CASH])
        at.on_line = lambda _: at.press(*pressed)
        verdict = await at.look(Part.KEYPAD, Aspect.KEYS, "keypad")
        assert (verdict.outcome, verdict.detail) == (Outcome.FAILED, "VOID")


async def test_a_scan_is_kept_by_its_length_alone(tmp_path: Path) -> None:
    async with desk(tmp_path, CALM, scanner=object()) as at:
        at.on_line = lambda _: at.scan("4006381333931")
        verdict = await at.look(Part.SCANNER, Aspect.SCAN, "scanner")
        assert verdict.measured == {"characters": 13}
        assert "4006381333931" not in repr((verdict, at.said))


async def test_what_another_scanner_reads_is_no_scan_of_this_one(tmp_path: Path) -> None:
    async with desk(tmp_path, HURRY, left=object(), right=object()) as at:
        at.on_line = lambda _: at.scan("4006381333931", "left")
        assert (await at.look(Part.SCANNER, Aspect.SCAN, "left")).outcome is Outcome.PASSED
        assert (await at.look(Part.SCANNER, Aspect.SCAN, "right")).word is W.NOT_SCANNED


async def test_what_another_keypad_sends_is_no_key_of_this_one(tmp_path: Path) -> None:
    async with desk(tmp_path, HURRY, keypad=Pad(Key.CASH), other=Pad(Key.CASH)) as at:
        at.on_line = lambda _: at.press(Key.CASH)
        assert (await at.look(Part.KEYPAD, Aspect.KEYS, "keypad")).outcome is Outcome.PASSED
        verdict = await at.look(Part.KEYPAD, Aspect.KEYS, "other")
        assert (verdict.outcome, verdict.detail) == (Outcome.FAILED, "CASH")


async def test_nothing_that_is_read_ends_as_well(tmp_path: Path) -> None:
    async with desk(tmp_path, HURRY, scanner=object()) as at:
        verdict = await at.look(Part.SCANNER, Aspect.SCAN, "scanner")
        assert (verdict.outcome, verdict.word) == (Outcome.FAILED, W.NOT_SCANNED)


@pytest.mark.parametrize("how", ["CLEAR", "n"])
async def test_no_instead_of_a_scan_is_no_at_once(tmp_path: Path, how: str) -> None:
    async with desk(tmp_path, CALM, scanner=object()) as at:

        def no(_: str) -> None:
            if how == "n":
                at.type("what?\nn\n")
            else:
                at.press(Key.DIGIT_1, Key.CLEAR)

        at.on_line = no
        async with asyncio.timeout(DEADLINE_S):
            verdict = await at.look(Part.SCANNER, Aspect.SCAN, "scanner")
        assert (verdict.outcome, verdict.word) == (Outcome.FAILED, W.NOT_SCANNED)


async def test_no_instead_of_keys_names_those_that_are_left(tmp_path: Path) -> None:
    async with desk(tmp_path, CALM, keypad=Pad(Key.CASH, Key.VOID)) as at:
        at.on_line = lambda _: at.type("n\n")
        async with asyncio.timeout(DEADLINE_S):
            verdict = await at.look(Part.KEYPAD, Aspect.KEYS, "keypad")
        assert verdict.outcome is Outcome.FAILED
        assert set(verdict.detail.split()) == {"CASH", "VOID"}


async def test_the_question_and_the_pattern_stand_on_the_cashier_s_screen(tmp_path: Path) -> None:
    async with desk(tmp_path, CALM) as at:
        seen: list[Any] = []

        def yes(_: str) -> None:
            at.type("yes\n")

        at.on_line = yes
        at.screen.on_show = seen.append
        verdict = await at.look(Part.CASHIER_DISPLAY, Aspect.LOOK, "screen")
        assert verdict.outcome is Outcome.PASSED
        assert any(row.left == "0123456789" for row in seen[-1].rows)
        assert "ENTER" in seen[-1].notice


@pytest.mark.parametrize(("typed", "answer"), [("\n", Answer.YES), ("n\n", Answer.NO)])
async def test_a_terminal_answers_by_lines_even_in_pieces(
    tmp_path: Path, typed: str, answer: Answer
) -> None:
    async with desk(tmp_path, CALM) as at:

        def answer_in_pieces(_: str) -> None:
            for each in typed:
                at.type(each)

        at.on_line = answer_in_pieces
        assert await at.bench.technician.ask(W.PAGE_GOOD, 20_000) is answer


async def test_what_was_keyed_before_a_question_is_no_answer(tmp_path: Path) -> None:
    async with desk(tmp_path, HURRY) as at:
        at.press(Key.ENTER)
        assert await at.bench.technician.ask(W.PAGE_GOOD, 50) is Answer.NONE


def test_a_keypad_says_which_keys_it_has() -> None:
    around = surroundings(RecordingInbox())
    by_byte = {"driver": "keypad_serial", "name": "pad", "path": "/x", "keymap": {"a": "CASH"}}
    assert SerialKeypad(KeypadSerialSettings.model_validate(by_byte), around).keys == {Key.CASH}
    by_line = {**by_byte, "framing": "line"}
    assert SerialKeypad(KeypadSerialSettings.model_validate(by_line), around).keys == set(Key)
    evdev = {"driver": "keypad_evdev", "name": "pad", "path": "/x"}
    assert EvdevKeypad(KeypadEvdevSettings.model_validate(evdev), around).keys == set()


def test_each_kind_of_device_is_a_part() -> None:
    assert {kind.value for kind in Kind} <= {part.value for part in Part}
