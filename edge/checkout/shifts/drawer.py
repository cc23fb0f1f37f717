"""The cash drawer as the switch in it sees it: opened by the till or by hand, shut, left open.

What somebody else opens, and what stands open too long, goes on record in the till's own journal,
also while somebody is trained. A pulse of the till is on record before it is fired.
"""

from dataclasses import replace
from typing import Final

from edge.checkout.devices import Kind
from edge.checkout.effects import Beep, Effect, RecordLive, RemindDrawer, Tone
from edge.checkout.instant import Instant
from edge.checkout.records import Entry, EntryKind, JsonObject
from edge.checkout.session import Facts, Session, State, Step, sound_alarm
from edge.checkout.shifts.counting import Counting
from edge.checkout.shifts.drawer_inputs import (
    DrawerChanged,
    DrawerPulsed,
    DrawerReminded,
    Pulse,
)
from edge.checkout.shifts.drawer_watch import DrawerWatch
from edge.checkout.words.texts import Word
from edge.checkout.words.texts_drawer import NO_PULSE_BY, DrawerWord

# From the end of the pulse to the open drawer: a spring takes 300 ms, and a printer says that it
# has the pulse before it gives it.
SPRING_MS: Final = 1_000
# Told to use the key, somebody goes and fetches it.
BY_KEY_MS: Final = 60_000
# So long after such a pulse an opening is still its doing.
AFTERWARDS_MS: Final = {
    Pulse.OPENED: SPRING_MS,
    Pulse.UNOPENED: BY_KEY_MS,
    Pulse.NOT_GIVEN: BY_KEY_MS,
}
# Warnings of one opening: five minutes of them by default. Who has not come by then will not; the
# status line goes on.
MAX_WARNINGS: Final = 10
# A switch that is broken or a drawer that rattles must not fill the disk: openings by somebody else
# are recorded one by one up to this, and after it together, once a minute; the switch's losses only
# up to this.
MINUTE_MS: Final = 60_000
MAX_RECORDED: Final = 6

OURS: Final = frozenset({DrawerWord.CLOSE, DrawerWord.FORCED})


def commanded(session: Session, effect_id: int, facts: Facts) -> Session:
    """A pulse goes out: until its end is heard of, what opens is the till's doing, however long a
    busy port takes. In training there is none.
    """
    if facts.shop.training:
        return session
    drawer = session.drawer
    return replace(session, drawer=replace(drawer, pulses=drawer.pulses | {effect_id}))


def drawer_pulsed(session: Session, answer: DrawerPulsed, facts: Facts) -> Step:
    """The pulse is over and is not repeated. The key may open what it did not."""
    drawer = session.drawer
    if answer.effect_id in drawer.pulses:
        until_ms = answer.at.mono_ms + AFTERWARDS_MS[answer.pulse]
        drawer = replace(
            drawer,
            pulses=drawer.pulses - {answer.effect_id},
            expected_until_ms=max(until_ms, drawer.expected_until_ms),
        )
        session = replace(session, drawer=drawer)
    if answer.pulse is Pulse.OPENED:
        return session, ()
    if answer.pulse is Pulse.UNOPENED:
        return sound_alarm(session, Word.DRAWER_FAILED)
    return sound_alarm(session, *(why_no_pulse(session, facts) or (DrawerWord.NO_PULSE,)))


def why_no_pulse(session: Session, facts: Facts) -> tuple[DrawerWord, str] | None:
    """What keeps the printer that the drawer hangs on from giving a pulse, and its name, where it
    has said so.
    """
    hangs_on = {device.on for device in facts.shop.devices if device.kind is Kind.DRAWER}
    causes = (
        (NO_PULSE_BY[trouble], name)
        for trouble, name in session.troubles
        if name in hangs_on and trouble in NO_PULSE_BY
    )
    return next(causes, None)


def drawer_changed(session: Session, change: DrawerChanged, facts: Facts) -> Step:
    """Opened by the till, or by somebody else, which goes on record; or shut; or out of sight."""
    if change.is_open is None:
        return _unseen(session, change)
    if change.is_open == session.drawer.is_open:
        return session, ()
    if not change.is_open:
        return _shut(session, change)
    drawer, now_ms = session.drawer, change.at.mono_ms
    is_ours = bool(drawer.pulses) or now_ms <= drawer.expected_until_ms
    forced = not (change.found or is_ours)
    opened = replace(drawer, opened_ms=now_ms, warnings=0, expected_until_ms=-1)
    session = replace(session, drawer=opened)
    effects: tuple[Effect, ...] = ()
    if forced:
        session, effects = _forced(session, change.at)
    session, reminding = _remind(session, now_ms, facts)
    return session, (*effects, *reminding)


def _shut(session: Session, change: DrawerChanged) -> Step:
    drawer = session.drawer
    effects: tuple[Effect, ...] = ()
    if drawer.warnings:
        open_ms = drawer.open_for_ms(change.at.mono_ms)
        effects = _record(session, change.at, EntryKind.DRAWER_CLOSED_LATE, {"open_ms": open_ms})
    return _not_open(session, drawer), effects


def _unseen(session: Session, change: DrawerChanged) -> Step:
    """The switch is lost: nothing is known of the drawer any more, and that goes on record, for
    whoever cuts its wire first opens the drawer unseen.
    """
    drawer = _in_this_minute(session.drawer, change.at)
    effects: tuple[Effect, ...] = ()
    if drawer.recorded < MAX_RECORDED:
        body: JsonObject = {"open_ms": drawer.open_for_ms(change.at.mono_ms)}
        effects = _record(session, change.at, EntryKind.DRAWER_UNSEEN, body)
        drawer = replace(drawer, recorded=drawer.recorded + 1)
    return _not_open(session, drawer), effects


def _not_open(session: Session, drawer: DrawerWatch) -> Session:
    """No longer to be shut, and nobody is told to shut it."""
    if session.alarm is not None and session.alarm.word is DrawerWord.CLOSE:
        session = replace(session, alarm=None)
    return replace(session, drawer=replace(drawer, opened_ms=None, warnings=0))


def _in_this_minute(drawer: DrawerWatch, at: Instant) -> DrawerWatch:
    """As it counts its records in the minute that this moment is in."""
    if at.mono_ms - drawer.minute_ms < MINUTE_MS:
        return drawer
    return replace(drawer, minute_ms=at.mono_ms, recorded=0)


def _forced(session: Session, at: Instant) -> Step:
    """Somebody else has opened it: on record, by itself or with others of that minute."""
    drawer = _in_this_minute(session.drawer, at)
    session, alarming = _alarm(session, DrawerWord.FORCED)
    drawer = replace(drawer, unrecorded=drawer.unrecorded + 1)
    if drawer.recorded >= MAX_RECORDED:
        return replace(session, drawer=drawer), alarming
    recorded = replace(drawer, recorded=drawer.recorded + 1)
    session, effects = _catch_up(replace(session, drawer=recorded), at)
    return session, (*effects, *alarming)


def _catch_up(session: Session, at: Instant) -> Step:
    """What is not on record yet goes there as one."""
    body: JsonObject = {"times": session.drawer.unrecorded}
    drawer = replace(session.drawer, unrecorded=0)
    effects = _record(session, at, EntryKind.DRAWER_FORCED, body)
    return replace(session, drawer=drawer), effects


def drawer_reminded(session: Session, reminded: DrawerReminded, facts: Facts) -> Step:
    """Time has passed: the drawer that still stands open is warned of, unless it is counted; what
    is to go on record together does.
    """
    at, effects = reminded.at, list[Effect]()
    session = replace(session, drawer=replace(session.drawer, is_reminded=False))
    if session.drawer.unrecorded and at.mono_ms - session.drawer.minute_ms >= MINUTE_MS:
        session, more = _catch_up(session, at)
        effects += more
    if _is_due(session.drawer, at.mono_ms, facts) and not _is_counted(session):
        session, more = _warn(session, at)
        effects += more
    session, more = _remind(session, at.mono_ms, facts)
    return session, (*effects, *more)


def _is_due(drawer: DrawerWatch, now_ms: int, facts: Facts) -> bool:
    patience_ms = facts.shop.drawer.warn_after_ms
    return _warns(drawer, facts) and drawer.open_for_ms(now_ms) >= patience_ms * (
        drawer.warnings + 1
    )


def _warns(drawer: DrawerWatch, facts: Facts) -> bool:
    """Whether it is open, and there is still somebody to be warned."""
    warns = facts.shop.drawer.warn_after_ms > 0 and drawer.warnings < MAX_WARNINGS
    return drawer.is_open and warns


def _is_counted(session: Session) -> bool:
    return session.asking is not None and isinstance(session.asking.about, Counting)


def _warn(session: Session, at: Instant) -> Step:
    """The first warning is on record: a drawer that nobody shuts before the power goes is, too."""
    drawer = session.drawer
    session = replace(session, drawer=replace(drawer, warnings=drawer.warnings + 1))
    session, effects = _alarm(session, DrawerWord.CLOSE)
    if drawer.warnings:
        return session, effects
    body: JsonObject = {"open_ms": drawer.open_for_ms(at.mono_ms)}
    return session, (*_record(session, at, EntryKind.DRAWER_LEFT_OPEN, body), *effects)


def _remind(session: Session, now_ms: int, facts: Facts) -> Step:
    """The one reminder that is on its way at a time, when something is waited for."""
    drawer, patience_ms = session.drawer, facts.shop.drawer.warn_after_ms
    waits = []
    if _warns(drawer, facts):
        rest_ms = patience_ms * (drawer.warnings + 1) - drawer.open_for_ms(now_ms)
        # While it is counted it is overdue, and asked for again a while later.
        waits.append(rest_ms if rest_ms > 0 else patience_ms)
    if drawer.unrecorded:
        waits.append(drawer.minute_ms + MINUTE_MS - now_ms)
    if drawer.is_reminded or not waits:
        return session, ()
    session = replace(session, drawer=replace(drawer, is_reminded=True))
    return session, (RemindDrawer(min(waits)),)


def _alarm(session: Session, word: DrawerWord) -> Step:
    """A beep, and the alarm in the place of one of the drawer's own; others are not covered."""
    if session.alarm is not None and session.alarm.word not in OURS:
        return session, (Beep(Tone.REFUSED),)
    return sound_alarm(session, word)


def _record(session: Session, at: Instant, kind: EntryKind, body: JsonObject) -> tuple[Effect, ...]:
    """Nothing once the store takes no more."""
    if session.state is State.STOPPED:
        return ()
    return (RecordLive(at, (Entry(kind, body),)),)
