"""The till in the terminal, as a newcomer uses it: real store, real broker, real headquarters."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from operator import ge
from pathlib import Path
from random import Random

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Digits, OptionList, Static

from edge.checkout.inputs import Key
from edge.checkout.paper.receipt import Receipt, Text
from edge.checkout.session import State
from edge.checkout.shop import Language
from edge.demo.app import LEAST_COLUMNS, LEAST_LINES, TillApp
from edge.demo.device_panes import DrawerPane, Paper
from edge.demo.help import HelpScreen
from edge.demo.house import StartBroker, logging_to, open_house
from edge.demo.keys import CAPS, STROKES, shown_stroke
from edge.demo.shelf import LIGHTEST_G, ODD_CODES
from edge.hq.local_broker import BrokerMissingError, local_broker

Till = tuple[TillApp, Pilot[None]]
# Everything is quick; a loaded machine is not.
PATIENCE_S = 90
LOOK_AGAIN_S = 0.01
# What textual calls the keys whose name is not their character.
NAMED_KEYS = {"*": "asterisk", ".": "full_stop", "/": "slash", "?": "question_mark", " ": "space"}


@asynccontextmanager
async def no_broker() -> AsyncIterator[int]:
    raise BrokerMissingError("mosquitto is not installed")
    yield


@asynccontextmanager
async def demo(
    directory: Path, start_broker: StartBroker = local_broker, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[Till]:
    with logging_to(directory / "demo.log"):
        async with open_house(directory, start_broker) as house:
            app = TillApp(house, Random(7))
            async with app.run_test(size=size) as pilot:
                yield app, pilot


async def until(till: Till, seen: Callable[[], bool]) -> None:
    """Return when it is so on the screen; between two looks all that waits is drawn."""
    app, _pilot = till
    async with asyncio.timeout(PATIENCE_S):
        while not seen():
            drawn = asyncio.Event()
            app.set_timer(LOOK_AGAIN_S, drawn.set)
            await drawn.wait()


def press(app: TillApp, *keys: str) -> None:
    """Give the app the events that a terminal makes of these keys."""
    for key in keys:
        name = NAMED_KEYS.get(key, key)
        app.post_message(events.Key(name, key if len(key) == 1 else None))


def shown(app: App[None], selector: str) -> str:
    return str(app.query_one(selector, Static).content)


def rows(app: TillApp) -> list[str]:
    screen = app.house.cashier.screen
    assert screen is not None
    return [row.left for row in screen.rows]


async def test_the_first_sale_takes_two_clicks(tmp_path: Path) -> None:
    async with demo(tmp_path) as till:
        app, pilot = till
        await pilot.click("#products", offset=(3, 0))
        await until(till, lambda: rows(app) == ["Spring Water 550 ml"])
        await until(till, lambda: app.query_one("#total", Digits).value == "2.00")
        assert "Spring Water" in shown(app, "#customer")

        await pilot.click("#key-cash")
        await until(till, lambda: "till-001-1" in shown(app, "#printed"))
        assert app.house.drawer.pulses == 1
        assert app.query_one(DrawerPane).is_open
        await until(till, lambda: "sales 1" in shown(app, "#hq") and "#1" in shown(app, "#hq"))


async def test_the_keyboard_presses_the_keypad(tmp_path: Path) -> None:
    async with demo(tmp_path) as till:
        app, _pilot = till
        press(app, "3", "x", *"1004", "enter", *"1.2*2003", "enter")
        await until(till, lambda: rows(app) == ["Cola 330 ml", "Bananas"])
        press(app, "up", "v")
        await until(till, lambda: rows(app) == ["Bananas"])
        assert "Cola" in shown(app, "#notice")
        press(app, *"20", "c")
        await until(till, lambda: app.query_one("#total", Digits).value == "10.52")
        await until(till, lambda: "CHANGE" in shown(app, "#total-label"))


async def test_every_key_of_the_keypad_has_a_cap_and_a_stroke_of_its_own() -> None:
    assert {cap.key for cap in CAPS} == set(Key)
    assert len(STROKES) == sum(len(cap.strokes) for cap in CAPS)
    assert not set(STROKES) & set("snpqh/?") - {""}
    assert all(shown_stroke(cap) or cap.label.isdecimal() or cap.label == "." for cap in CAPS)


async def test_every_cap_is_named(tmp_path: Path) -> None:
    async with demo(tmp_path, no_broker, (LEAST_COLUMNS, LEAST_LINES)) as till:
        app, _pilot = till
        await until(till, lambda: app.screen.has_class("-low"))
        for cap in CAPS:
            pane = app.query_one(f"#key-{cap.key.name.lower()}", Static)
            assert cap.label in str(pane.content)
            assert pane.region.width >= len(cap.label)


async def test_some_goods_are_scanned_by_a_key_alone(tmp_path: Path) -> None:
    async with demo(tmp_path, no_broker) as till:
        app, _pilot = till
        press(app, "s", "s", "f1")
        await until(till, lambda: len(rows(app)) == 3)


async def test_a_search_takes_letters_and_digits_and_gives_the_keyboard_back(
    tmp_path: Path,
) -> None:
    async with demo(tmp_path, no_broker) as till:
        app, _pilot = till
        press(app, "/", *"cola zeroq", "backspace")
        await until(till, lambda: "found: 1" in shown(app, "#page-name"))
        assert app.session.entry == ""
        press(app, "enter")
        await until(till, lambda: rows(app) == ["Cola Zero 330 ml"])
        press(app, "/", *"1004", "escape", "5")
        await until(till, lambda: app.session.entry == "5")
        assert not app.query_one("#search").display
        assert rows(app) == ["Cola Zero 330 ml"]


async def test_the_marker_chooses_among_what_was_found(tmp_path: Path) -> None:
    async with demo(tmp_path, no_broker) as till:
        app, _pilot = till
        press(app, "/", *"cola", "down", "down", "up", "enter")
        await until(till, lambda: rows(app) == ["Cola Zero 330 ml"])


async def test_pages_turn_and_the_last_one_can_not_be_sold(tmp_path: Path) -> None:
    async with demo(tmp_path, no_broker) as till:
        app, pilot = till
        await pilot.click("#page-back")
        await until(till, lambda: ODD_CODES.name_en in shown(app, "#page-name"))
        press(app, "right", "left")
        for line in range(3):
            await pilot.click("#products", offset=(3, 2 * line))
            await until(till, lambda: app.query_one("#notice").has_class("-refusal"))
            press(app, "escape")
            await until(till, lambda: not shown(app, "#notice"))
        assert app.session.state is State.IDLE


async def test_what_has_no_barcode_is_keyed_by_its_number(tmp_path: Path) -> None:
    async with demo(tmp_path, no_broker) as till:
        app, pilot = till
        press(app, "left", "left", "left")
        await until(till, lambda: "Bags and services" in shown(app, "#page-name"))
        names = [option.prompt for option in app.query_one(OptionList).options]
        line = next(index for index, name in enumerate(names) if "Photocopy A4 " in str(name))
        press(app, "3", "x")
        await pilot.click("#products", offset=(3, 2 * line))
        await until(till, lambda: rows(app) == ["Photocopy A4"])


async def test_what_is_weighed_is_put_on_the_tills_scale(tmp_path: Path) -> None:
    async with demo(tmp_path, no_broker) as till:
        app, _pilot = till
        press(app, "/", *"red fuji", "enter")
        await until(till, lambda: rows(app) == ["Apples Red Fuji"])
        (line,) = app.session.basket.lines
        assert line.quantity_milli == app.house.scale.grams >= LIGHTEST_G
        assert line.code == line.product.plu


async def test_a_cut_network_is_seen_and_nothing_is_lost(tmp_path: Path) -> None:
    async with demo(tmp_path) as till:
        app, pilot = till
        await until(till, lambda: "till is online" in shown(app, "#hq"))
        await until(till, lambda: "waiting 0" in shown(app, "#hq"))
        press(app, "n")
        await until(till, lambda: "offline" in shown(app, "#status"))
        await until(till, lambda: "till is offline" in shown(app, "#hq"))
        assert "CUT" in shown(app, "#demo-n")
        press(app, "s", "c")
        await until(till, lambda: "till-001-1" in shown(app, "#printed"))
        await until(till, lambda: "waiting 1" in shown(app, "#hq"))
        await pilot.click("#demo-n")
        await until(till, lambda: "sales 1" in shown(app, "#hq"))
        await until(till, lambda: "waiting 0" in shown(app, "#hq"))
        await until(till, lambda: "offline" not in shown(app, "#status"))


async def test_an_unplugged_printer_owes_a_copy(tmp_path: Path) -> None:
    async with demo(tmp_path, no_broker) as till:
        app, _pilot = till
        press(app, "p")
        await until(till, lambda: "printer" in shown(app, "#status"))
        press(app, "s", "c")
        await until(till, lambda: app.query_one("#notice").has_class("-alarm"))
        assert app.house.drawer.pulses == 1
        press(app, "p")
        await until(till, lambda: "printer" not in shown(app, "#status"))
        press(app, "enter")
        await until(till, lambda: "COPY" in shown(app, "#printed"))


async def test_a_paper_that_is_out_is_not_moved_by_a_tick_that_comes_late() -> None:
    """A timer of textual that is late calls once more what has stopped it."""

    class Counter(App[None]):
        def compose(self) -> ComposeResult:
            yield Paper()

    async with Counter().run_test() as pilot:
        app = pilot.app
        paper = app.query_one(Paper)
        for name in ("Tea", "Bread"):
            paper.print(Receipt(1, copy=False, elements=(Text(name),)))
            while paper.is_moving:
                paper._advance()
            whole = shown(app, "#printed")
            paper._advance()
            assert shown(app, "#printed") == whole
            assert name in whole


async def test_a_click_on_the_paper_scans_that_receipt(tmp_path: Path) -> None:
    async with demo(tmp_path, no_broker) as till:
        app, pilot = till
        for receipt in ("till-001-1", "till-001-2"):
            press(app, "s", "c")
            await until(till, lambda wanted=receipt: wanted in shown(app, "#printed"))
            await until(till, lambda: not app.query_one(Paper).is_moving)
        newest = shown(app, "#printed").partition("till-001-1")[0].count("\n")
        for line, title in ((2, "Refund of receipt 2"), (newest, "Refund of receipt 1")):
            press(app, "m", "1", "1")
            await until(till, lambda: app.session.state is State.ASK_RECEIPT)
            await pilot.click("#printed", offset=(5, line))
            await until(till, lambda wanted=title: shown(app, "#title") == wanted)
            press(app, "escape")


async def test_the_menu_changes_the_language_of_till_and_demo(tmp_path: Path) -> None:
    async with demo(tmp_path, no_broker) as till:
        app, _pilot = till
        press(app, "m", "9", "1")
        await until(till, lambda: shown(app, "#title") == "就绪")
        assert app.language is Language.CHINESE
        assert app.query_one("#keypad").border_title == "键盘"
        assert str(app.query_one(OptionList).options[0].prompt).startswith("饮用天然泉水")


async def test_help_lies_over_the_till_until_any_key(tmp_path: Path) -> None:
    async with demo(tmp_path, no_broker) as till:
        app, _pilot = till
        press(app, "?")
        await until(till, lambda: isinstance(app.screen, HelpScreen))
        press(app, "5")
        await until(till, lambda: not isinstance(app.screen, HelpScreen))
        press(app, "6")
        await until(till, lambda: app.session.entry == "6")


async def test_without_a_broker_the_pane_says_why(tmp_path: Path) -> None:
    async with demo(tmp_path, no_broker) as till:
        app, _pilot = till
        await until(till, lambda: "mosquitto is not installed" in shown(app, "#hq"))
        press(app, "n", "s", "c")
        await until(till, lambda: "till-001-1" in shown(app, "#printed"))


@pytest.mark.parametrize("size", [(LEAST_COLUMNS - 1, 40), (120, LEAST_LINES - 1), (40, 10)])
async def test_a_terminal_that_is_too_small_is_told_what_is_needed(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with demo(tmp_path, no_broker, size) as till:
        app, pilot = till
        said = shown(app, "#too-small")
        assert f"{LEAST_COLUMNS} x {LEAST_LINES}" in said
        assert f"{size[0]} x {size[1]}" in said
        assert app.query_one("#too-small").region.height > 0
        press(app, "s")
        await pilot.pause()
        await pilot.resize_terminal(LEAST_COLUMNS, LEAST_LINES)
        await until(till, lambda: app.query_one("#keypad").region.height > 0)
        assert rows(app) == []
        press(app, "s")
        await until(till, lambda: len(rows(app)) == 1)


@pytest.mark.parametrize("size", [(LEAST_COLUMNS, LEAST_LINES), (120, 40), (200, 60)])
async def test_every_pane_is_whole_in_every_size_that_works(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with demo(tmp_path, no_broker, size) as till:
        app, _pilot = till
        for selector, columns, lines in (
            ("#rows", 30, 5),
            ("#customer", 22, 4),
            ("#paper", 42, 15),
            ("#products", 18, 8),
            ("#hq", 20, 8),
            ("#key-cash", 4, 2),
            ("#hint", 100, 1),
            ("#demo-keys", 100, 1),
        ):
            pane = app.query_one(selector)
            await until(
                till,
                lambda pane=pane, least=(columns, lines): all(map(ge, pane.region.size, least)),
            )
            region = pane.region
            assert app.screen.region.contains_region(region), selector


async def test_a_status_that_has_no_room_says_that_there_is_more(tmp_path: Path) -> None:
    async with demo(tmp_path, no_broker, (LEAST_COLUMNS, LEAST_LINES)) as till:
        app, _pilot = till
        status = app.query_one("#status", Static)
        status.update("low: Potatoes 12 · " * 9)
        await until(till, lambda: status.render_line(0).text.rstrip().endswith("…"))


@pytest.mark.parametrize("key", ["q", "ctrl+c", "ctrl+q"])
async def test_quitting_asks_nothing(tmp_path: Path, key: str) -> None:
    async with demo(tmp_path, no_broker) as (app, _pilot):
        press(app, "s", key)
        await asyncio.wait_for(app._task, PATIENCE_S)


def test_logs_stay_off_the_screen(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async def sell() -> None:
        async with demo(tmp_path) as till:
            app, _pilot = till
            press(app, "p", "s", "c")
            await until(till, lambda: app.house.drawer.pulses == 1)

    asyncio.run(sell())
    assert "device_lost" in (tmp_path / "demo.log").read_text(encoding="utf-8")
    assert "device_lost" not in "".join(capfd.readouterr())
