"""Every device of the till and how it is, as a list for the cashier."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from edge.checkout.asking import about, ask, end_question, open_question
from edge.checkout.device_news import trouble_of
from edge.checkout.devices import Kind, TillDevice
from edge.checkout.inputs import DeviceState, Input, KeyPressed
from edge.checkout.instant import Instant
from edge.checkout.paper.receipt_writer import write_clock, write_time
from edge.checkout.screens import ScreenRow
from edge.checkout.session import Facts, Prompt, Session, Step, refuse
from edge.checkout.shop import Shop
from edge.checkout.words.texts import text
from edge.checkout.words.texts_device_list import DeviceListWord
from edge.checkout.words.texts_devices import TROUBLE_WORDS

KIND_WORDS: Final[Mapping[Kind, DeviceListWord]] = {
    Kind.SCANNER: DeviceListWord.SCANNER,
    Kind.KEYPAD: DeviceListWord.KEYPAD,
    Kind.PRINTER: DeviceListWord.PRINTER,
    Kind.DRAWER: DeviceListWord.DRAWER,
    Kind.CUSTOMER_DISPLAY: DeviceListWord.CUSTOMER_DISPLAY,
    Kind.CASHIER_DISPLAY: DeviceListWord.CASHIER_DISPLAY,
    Kind.PAYMENT: DeviceListWord.PAYMENT,
    Kind.SCALE: DeviceListWord.SCALE,
}
STATE_WORDS: Final[Mapping[DeviceState, DeviceListWord]] = {
    DeviceState.ABSENT: DeviceListWord.ABSENT,
    DeviceState.OPENING: DeviceListWord.CONNECTING,
    DeviceState.READY: DeviceListWord.READY,
    DeviceState.FAULTED: DeviceListWord.FAULTED,
}


@dataclass(frozen=True, slots=True)
class DeviceList:
    """When it was asked for: what was on another day is told with that day."""

    asked_at: Instant


def show_devices(session: Session, chosen: Input, facts: Facts) -> Step:
    """The devices of the settings, in their order; the list changes as they do."""
    if not facts.shop.devices:
        return refuse(session, DeviceListWord.REFUSED_NONE)
    return ask(session, DEVICES, DeviceList(chosen.at)), ()


def _rows(session: Session, facts: Facts) -> tuple[ScreenRow, ...]:
    marked = open_question(session).row
    asked_at = about(session, DeviceList).asked_at
    return tuple(
        ScreenRow(
            # In one, and the name first: where there is little room, it is the name that stays.
            f"{device.name}  {text(KIND_WORDS[device.kind], session.language)}",
            "",
            _how_it_is(session, device, asked_at, facts.shop),
            index == marked,
        )
        for index, device in enumerate(facts.shop.devices)
    )


def _how_it_is(session: Session, device: TillDevice, asked_at: Instant, shop: Shop) -> str:
    language = session.language
    heard_of = device.on or device.name
    seen = next((each for each in session.devices if each.name == heard_of), None)
    if seen is None:
        return text(DeviceListWord.CONNECTING, language)
    trouble = trouble_of(device, seen)
    if trouble is not None:
        # The row names it already, and what to do about it stands in the status line.
        return re.split("[,，]", text(TROUBLE_WORDS[trouble], language).lstrip(":： "))[0]
    return text(STATE_WORDS[seen.state], language, _since(seen.since, asked_at, shop))


def _since(since: Instant, asked_at: Instant, shop: Shop) -> str:
    """The time of day, on another day only month and day."""
    day, year = len("2026-01-31"), len("2026-")
    then = write_time(since, shop)
    is_today = then[:day] == write_time(asked_at, shop)[:day]
    return write_clock(since, shop) if is_today else then[year:day]


def _close(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The list has been read."""
    return end_question(session), ()


DEVICES: Final = Prompt(
    DeviceListWord.MENU_DEVICES, DeviceListWord.ENTER_CLOSES, _close, rows=_rows
)
