"""Questions to the cashier, and answers from the world: one way for all of them."""

from dataclasses import replace
from typing import Any

from edge.checkout.effects import Effect
from edge.checkout.inputs import BarcodeScanned, Input, KeyPressed
from edge.checkout.session import (
    About,
    Asking,
    Awaiting,
    Facts,
    Handler,
    Prompt,
    Session,
    State,
    Step,
    forget_entry,
    has_entry,
    refuse_key,
)


def ask(session: Session, prompt: Prompt, about: object = None, row: int = 0) -> Session:
    """With the question on the screen. One that follows another lies over the same state, and what
    was keyed before the first one is kept.
    """
    before = session.asking
    asking = Asking(
        prompt,
        under=before.under if before else session.state,
        about=about,
        row=row,
        entry=before.entry if before else session.entry,
        quantity_milli=before.quantity_milli if before else session.quantity_milli,
    )
    return replace(
        forget_entry(session), state=State.ASKING, asking=asking, notice=None, last_sale=None
    )


def open_question(session: Session) -> Asking:
    """The question; asking for it where there is none is a bug."""
    assert session.asking is not None, f"no question in {session.state}"
    return session.asking


def about(session: Session, kind: type[About]) -> About:
    """What the question is about."""
    subject = open_question(session).about
    assert isinstance(subject, kind), subject
    return subject


def end_question(session: Session) -> Session:
    """Back where the question lies over, with what was keyed before it."""
    asking = open_question(session)
    return replace(
        session,
        state=asking.under,
        asking=None,
        entry=asking.entry,
        quantity_milli=asking.quantity_milli,
        notice=None,
    )


def answered(session: Session) -> Session:
    """The same, and what was keyed before the question has been used."""
    return forget_entry(end_question(session))


def await_answer(session: Session, effect: Effect, then: Handler) -> Step:
    """Ask the world; keys and scans wait until it has answered, then `then` goes on in this very
    state.
    """
    awaiting = Awaiting(then, session.state)
    return replace(session, state=State.FINDING, awaiting=awaiting, notice=None), (effect,)


def hear_answer(session: Session, answer: Input, facts: Facts) -> Step:
    """The world answered what it was asked."""
    awaiting = session.awaiting
    assert awaiting is not None, f"an answer to nothing: {type(answer).__name__}"
    return awaiting.then(not_waiting(session), answer, facts)


def not_waiting(session: Session) -> Session:
    """In the state in which the world was asked, if it was."""
    awaiting = session.awaiting
    return replace(session, state=awaiting.under, awaiting=None) if awaiting else session


# --- keys of a question


def enter(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """ENTER answers the question with what was keyed, or with the marked row."""
    return open_question(session).prompt.enter(session, pressed, facts)


def scan(session: Session, scanned: BarcodeScanned, facts: Facts) -> Step:
    """A scan answers the question, if it is one that a scan can answer."""
    handler = open_question(session).prompt.scan
    if handler is None or has_entry(session):
        return refuse_key(session)
    return handler(session, scanned, facts)


def other_key(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """A key that this question has a use for."""
    handler = open_question(session).prompt.keys.get(pressed.key)
    if handler is None:
        return refuse_key(session)
    return handler(session, pressed, facts)


def leave(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """CLEAR: first what was keyed, then back to where the question lies over, unless the question
    has its own way back.
    """
    if has_entry(session):
        return replace(forget_entry(session), notice=None), ()
    own_way = open_question(session).prompt.leave
    return own_way(session, pressed, facts) if own_way else (end_question(session), ())


def _move(session: Session, pressed: KeyPressed, facts: Facts, rows: int) -> Step:
    asking = open_question(session)
    if asking.prompt.rows is None:
        return other_key(session, pressed, facts)
    last = len(asking.prompt.rows(session, facts)) - 1
    row = min(max(0, asking.row + rows), max(0, last))
    return replace(session, asking=replace(asking, row=row), notice=None), ()


def up(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The marker goes up a row."""
    return _move(session, pressed, facts, -1)


def down(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The marker goes down a row, and stays on the last one."""
    return _move(session, pressed, facts, +1)


def chosen(session: Session, choices: tuple[Any, ...]) -> int | None:
    """The place of the row that was chosen: by its number, from 1, else the marked one; None when
    there is no such row.
    """
    if session.entry:
        number = int(session.entry) if session.entry.isdecimal() else 0
        return number - 1 if 1 <= number <= len(choices) else None
    return open_question(session).row
