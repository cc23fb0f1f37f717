"""Questions that come up by themselves: CLEAR answers one only when it can have been read."""

from dataclasses import replace
from typing import Final

from edge.checkout.inputs import Input, SaleStored
from edge.checkout.instant import Instant
from edge.checkout.payments.mobile import CONFIRMING, KEY_APPROVAL, TAKING_BACK, UNKNOWN
from edge.checkout.session import Session, Standing, has_entry
from edge.checkout.words.texts import Word

# Who sees a new line, reads it and presses a key takes longer. What comes sooner was on its way
# already, meant for what stood there before, or is the second tap of a key that was pressed once.
READABLE_MS: Final = 500
# Their CLEAR drops a paper, or all but the last.
NOTICES: Final = frozenset({Word.RECEIPT_PENDING, Word.RECEIPTS_REST})
# Their CLEAR says of a payment that nothing was charged, takes it back, or no longer waits until it
# is back. They follow each other as the terminal answers.
PROMPTS: Final = (KEY_APPROVAL, CONFIRMING, UNKNOWN, TAKING_BACK)


def is_unread(session: Session, at: Instant) -> bool:
    """Whether CLEAR, pressed then, would answer a question that nobody can have read by then. What
    was keyed is no answer, and taken away first.
    """
    standing = session.standing
    return standing is not None and at.mono_ms < standing.read_ms and not has_entry(session)


def watched(session: Session, cause: Input) -> Session:
    """With the question that stands there by itself after `cause`, and from when on it can have
    been read. In other words, or of the same paper again, it is the same.
    """
    question, before = _question(session), session.standing
    if question is None:
        return replace(session, standing=None) if before is not None else session
    if before is not None and before.question == question:
        return session
    # The disk answers with the moment of what it was asked.
    at = cause.told_at if isinstance(cause, SaleStored) else cause.at
    read_ms = at.mono_ms + (0 if _is_begun_by_hand(session) else READABLE_MS)
    return replace(session, standing=Standing(question, read_ms))


def _question(session: Session) -> object | None:
    """What CLEAR would put an end to. An alarm hides it, and is read first."""
    asking, notice = session.asking, session.notice
    if session.alarm is not None:
        return None
    if asking is not None and any(asking.prompt is each for each in PROMPTS):
        return asking.prompt.leave, asking.about
    if notice is not None and notice.word in NOTICES:
        return notice.word, session.unprinted[-1:]
    return None


def _is_begun_by_hand(session: Session) -> bool:
    """Whether the code was scanned: what CLEAR does from then on it does also when nobody knows
    how the payment stands.
    """
    return session.asking is not None and session.asking.prompt is CONFIRMING
