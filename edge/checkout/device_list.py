"""Every device of the till and how it is, as a list for the cashier, who can begin one anew."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from edge.checkout.asking import about, ask, chosen, end_question, open_question
from edge.checkout.device_news import trouble_of
from edge.checkout.devices import Kind, TillDevice
from edge.checkout.effects import BeginAnew, RecordLive
from edge.checkout.inputs import DeviceState, Input, KeyPressed
from edge.checkout.instant import Instant
from edge.checkout.paper.receipt_writer import write_clock, write_time
from edge.checkout.people.lifting import lift, may
from edge.checkout.people.staff import Permission
from edge.checkout.records import Entry, EntryKind
from edge.checkout.screens import ScreenRow
from edge.checkout.session import (
    Facts,
    Prompt,
    Session,
    Step,
    forget_entry,
    has_entry,
    refuse,
    say,
)
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


def show_devices(session: Session, asked: Input, facts: Facts) -> Step:
    """The devices of the settings, in their order; the list changes as they do."""
    if not facts.shop.devices:
        return refuse(session, DeviceListWord.REFUSED_NONE)
    return ask(session, DEVICES, DeviceList(asked.at)), ()


def _rows(session: Session, facts: Facts) -> tuple[ScreenRow, ...]:
    marked = open_question(session).row
    asked_at = about(session, DeviceList).asked_at
    return tuple(
        ScreenRow(
            # In one, and the name first: where there is little room, it is the name that stays.
            f"{index + 1} {device.name}  {text(KIND_WORDS[device.kind], session.language)}",
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


def _enter(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """ENTER: the list has been read; with a number before it, that device is begun anew, for it may
    be another one than it was. One that hangs on another begins with that.
    """
    if not has_entry(session):
        return end_question(session), ()
    devices = facts.shop.devices
    place = chosen(session, devices) if session.quantity_milli is None else None
    if place is None:
        return refuse(forget_entry(session), DeviceListWord.REFUSED_NO_DEVICE)
    if not may(session, facts, Permission.RECONNECT):
        return lift(session, pressed, Permission.RECONNECT, DEVICES_TASK)
    device = devices[place]
    session = say(forget_entry(session), DeviceListWord.RECONNECTING, device.name)
    # No exercise: the till's own printer is another one from now on, in training as well.
    entry = Entry(EntryKind.DEVICE_BEGUN_ANEW, {"device": device.name})
    return session, (RecordLive(pressed.at, (entry,)), BeginAnew(device.on or device.name))


DEVICES_TASK: Final = "93"
DEVICES: Final = Prompt(DeviceListWord.TITLE, DeviceListWord.ENTER_CLOSES, _enter, rows=_rows)
