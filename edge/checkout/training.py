"""Training: the same till on a store of its own. What was going on is there again afterwards."""

from dataclasses import replace

from edge.checkout.asking import await_answer
from edge.checkout.effects import SwitchSide
from edge.checkout.inputs import Input, SideRefused, SideSwitched
from edge.checkout.outcomes import started
from edge.checkout.session import Facts, Session, State, Step, forget_entry, refuse, say, start
from edge.checkout.words.texts_training import TrainingWord


def switch(session: Session, chosen: Input, facts: Facts) -> Step:
    """Into training, or out of it; not while a paper of this side may still fail."""
    if session.printing:
        return refuse(session, TrainingWord.REFUSED_PRINTING)
    if session.payments.watches and not facts.shop.training:
        return refuse(session, TrainingWord.REFUSED_PAYMENTS)
    into = not facts.shop.training
    return await_answer(forget_entry(session), SwitchSide(training=into), _switched)


def _switched(session: Session, answer: SideSwitched | SideRefused, facts: Facts) -> Step:
    """The other side's store is open: a till as it comes up, or the one that was left."""
    if isinstance(answer, SideRefused):
        return refuse(session, TrainingWord.REFUSED_NO_ROOM)
    before = session.live
    if before is not None:
        assert answer.started is None, "back on the till's own store"
        # Whoever tries PINs here has tried them there as well.
        duty = replace(before.duty, tries=session.duty.tries)
        return say(replace(_come_from(session, before), duty=duty), TrainingWord.ENDED), ()
    fresh = replace(_come_from(session, start(facts.shop)), live=replace(session, deferred=()))
    assert answer.started is not None, "training without a store"
    opened, effects = started(fresh, answer.started, facts)
    assert opened.basket is None, "a new store has no basket"
    opened = replace(opened, state=State.IDLE, duty=session.duty)
    return say(opened, TrainingWord.BEGAN), effects


def _come_from(left: Session, till: Session) -> Session:
    """The till of the side that comes: what is the same for both is as the side that is left knows
    it, and what was keyed meanwhile was meant for the till that is coming.
    """
    return replace(
        till,
        language=left.language,
        devices=left.devices,
        drawer=left.drawer,
        online=left.online,
        uplink_troubles=left.uplink_troubles,
        deferred=left.deferred,
    )
