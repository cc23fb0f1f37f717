"""A thousand plugs come off and go in again while the till sells: nothing leaks, nothing is lost.

A third of them with each kind of printer for the receipts; the others stand beside it, each with
a plug as loose. `EDGE_PLUGS=10000` makes it more, and `EDGE_PLUGS_SEED=7` another day.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from random import Random

import evdev
import pytest

from edge import compose
from edge.appliance import StopRequest
from edge.compose import House, build_house
from edge.drivers import registry
from edge.drivers.displays.display_framebuffer import DisplayFramebufferSettings, FramebufferDisplay
from edge.drivers.drawers.drawer_gpio import GpioDrawer
from edge.drivers.drawers.drawer_gpio_settings import DrawerGpioSettings
from edge.drivers.printers.drawer_printer import DrawerPrinterSettings
from edge.drivers.printers.printer_usb import PrinterUsbSettings, usb_printer
from edge.drivers.registry import Maker
from tests.support.devices import DEADLINE_S
from tests.support.input_devices import EventNodes
from tests.support.left_behind import LeftBehind, left_behind
from tests.support.loose_cashier import Cashier
from tests.support.loose_plugs import GRAMS, Gun, LooseCounter, belongings, settings_for

CYCLES = int(os.environ.get("EDGE_PLUGS", "1000")) // 3 + 1
# There is a sale at least this often.
CYCLES_A_SALE = 10
# The thread on which the screen is drawn, while it is.
DRAWING = "device-screen"
SEED = int(os.environ.get("EDGE_PLUGS_SEED", "4"))


@pytest.fixture
async def counter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, printer: str
) -> AsyncIterator[LooseCounter]:
    made = LooseCounter(tmp_path, printer)
    monkeypatch.setattr(compose, "udev_monitor", made.news.open)
    # What a FIFO and a file do not understand is answered for the kernel.
    monkeypatch.setattr(evdev, "InputDevice", EventNodes().open)
    screens = Maker(
        DisplayFramebufferSettings,
        lambda settings, around: FramebufferDisplay(settings, around, made.screen.ioctl),
    )
    monkeypatch.setattr(registry, "CASHIER_DISPLAYS", (screens,))
    latches = Maker(
        DrawerGpioSettings, lambda settings, around: GpioDrawer(settings, around, made.pins)
    )
    sockets = next(each for each in registry.DRAWERS if each.settings is DrawerPrinterSettings)
    monkeypatch.setattr(registry, "DRAWERS", (sockets, latches))
    on_usb = Maker(
        PrinterUsbSettings, lambda settings, around: usb_printer(settings, around, made.bus)
    )
    others = (each for each in registry.PRINTERS if each.settings is not PrinterUsbSettings)
    monkeypatch.setattr(registry, "PRINTERS", (*others, on_usb))
    for name in made.names:
        await made.push(name)
    yield made
    for name in made.names:
        await made.pull(name)
    made.news.gone()


async def pulled_and_pushed(counter: LooseCounter, cashier: Cashier, dice: Random) -> None:
    """Any plug at any moment, and in again at once or a little later."""
    name = dice.choice(counter.names)
    await turns(dice.randrange(300))
    if name in counter.guns:
        gun = counter.guns[name]
        gun.is_pulled = True
        # What is scanned with a plug in its socket arrives, or this waits in vain.
        await cashier.until(lambda: not gun.awaits)
        if cashier.is_ready(name):
            await in_the_middle(gun, cashier, dice)
    elif name == "keypad" and dice.random() < 0.5:
        await cashier.until(lambda: not counter.awaits_key)
    await counter.pull(name)
    await turns(dice.choice([0, 1, 30, 200]))
    await counter.push(name)


async def in_the_middle(gun: Gun, cashier: Cashier, dice: Random) -> None:
    """Of a code, or hardly behind one."""
    if dice.random() < 0.3 or cashier.is_behind:
        whole = gun.encoded("9520000000000")
        gun.plug.send(whole[: len(whole) // 2])
    else:
        gun.scan()
        await turns(dice.randrange(3))


async def turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def settled(counter: LooseCounter, cashier: Cashier) -> None:
    """Until every device is ready and nothing is under way."""
    await cashier.until(lambda: all(map(cashier.is_ready, counter.names)))


async def at_rest() -> object:
    """What the process holds while nothing is drawn."""
    async with asyncio.timeout(DEADLINE_S):
        while DRAWING in (now := belongings())[2]:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0)
    return now


async def held(expected: object) -> None:
    """Until the process holds that and no more: what was closed takes a turn of the loop to go."""
    with suppress(TimeoutError):
        async with asyncio.timeout(DEADLINE_S):
            while belongings() != expected:  # noqa: ASYNC110 - the kernel tells nobody
                await asyncio.sleep(0)
    assert belongings() == expected


def check_books(left: LeftBehind, counter: LooseCounter) -> None:
    """The journal against the paper, the drawer and the cashier."""
    assert left.problems == ()
    assert left.draft is None
    assert left.pending == set()
    assert left.pending_pulses == 0
    # The cashier takes every copy that is offered, and each is wholly handed over.
    done = {effect.receipt_no for effect in left.effects if effect.state == "done"}
    assert set(left.totals) - done == set()
    # What was torn in the middle is cut off, and has no number.
    papers = [paper for paper in counter.tray.whole if paper.receipt_no is not None]
    assert {paper.receipt_no for paper in papers} == set(left.totals)
    assert all(paper.total_minor == left.totals[paper.receipt_no] for paper in papers)
    originals = [paper.receipt_no for paper in papers if not paper.copy]
    assert len(originals) == len(set(originals))
    assert 0 < counter.pulses <= left.drawer_records
    sold = [line for kind, body in left.bodies if kind == "sale" for line in body["lines"]]
    assert GRAMS in {line["quantity_milli"] for line in sold}
    assert counter.news.heard > CYCLES


async def sells_on(counter: LooseCounter, house: House, stop: StopRequest) -> None:
    dice = Random(SEED)
    cashier = Cashier(house, counter, dice)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(house.appliance.run())
        await house.appliance.ready.wait()
        await settled(counter, cashier)
        await cashier.sells()
        # The drawer's pulse may be under way still, and so may the screen's last change.
        await house.runner.drained()
        before = await at_rest()
        working = tasks.create_task(cashier.works())
        for cycle in range(CYCLES):
            sold = cashier.session.next_receipt_no
            await pulled_and_pushed(counter, cashier, dice)
            if cycle % CYCLES_A_SALE == 0:
                # With everything in its socket the till sells, whatever was before.
                await cashier.until(lambda n=sold: cashier.session.next_receipt_no > n)
        cashier.is_to_stop = True
        await working
        await settled(counter, cashier)
        await cashier.sells()
        await held(before)
        stop.stop()


@pytest.mark.timeout(max(120, CYCLES))
@pytest.mark.parametrize(
    ("printer", "drawer"),
    [("lan", "drawer_printer"), ("usb", "drawer_gpio"), ("lp0", "drawer_printer")],
)
async def test_a_thousand_loose_plugs_lose_no_scan_no_receipt_and_nothing_of_the_box(
    counter: LooseCounter, tmp_path: Path, printer: str, drawer: str
) -> None:
    stop = StopRequest()
    before = belongings()
    settings = settings_for(tmp_path, counter.lan.port, printer, drawer)
    async with build_house(settings, stop=stop) as house:
        counter.watch(house)
        await sells_on(counter, house, stop)
        assert house.inbox.lost_total == 0
    await held(before)
    for gun in counter.guns.values():
        assert gun.lost == []
        assert gun.strays == []
        # A day on which nothing was cut proves nothing, and neither does one that cut them all.
        cut = sum(scan.is_cut for scan in gun.sent)
        assert 0 < cut < len(gun.sent)
    left = left_behind(tmp_path / "till.db")
    check_books(left, counter)
    assert len(left.totals) >= CYCLES // CYCLES_A_SALE
