"""Whatever goes wrong between till and gateway, in any order: charged once and known, not charged
and known, or unknown and known to be so. Never charged twice, never given away.
"""

import asyncio
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from edge.checkout.payments.payment import PaymentOutcome
from edge.checkout.payments.payment_policy import Move
from edge.drivers.payments.payment_simulated import PaymentSimulatedSettings, Plan, SimulatedPayment
from tests.support.devices import RecordingInbox, surroundings
from tests.support.payment_ledger import GatewayPlan
from tests.support.payment_rigs import gateway_settings, gateway_terminal, intent
from tests.support.payment_server import SLOW, Fault, PaymentServer, payment_server
from tests.support.payment_till import PayingTill
from tests.support.pki import Authority, make_authority

ID = intent().intent_id
APPROVED, DECLINED = PaymentOutcome.APPROVED, PaymentOutcome.DECLINED
REVERSED, UNKNOWN = PaymentOutcome.REVERSED, PaymentOutcome.UNKNOWN

# The same stories in every run, on however slow a machine.
STEADY = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
# The policy of the test ends within this many calls, whatever they answer.
MOST_STEPS = 40


@dataclass(frozen=True, slots=True)
class Story:
    """What goes wrong, by number of the request or step; `released` says before which step which
    of the requests that are held comes through. Faults that need a time-out to pass are told in
    test_payment_gateway.py: to the till they are lost answers as well.
    """

    plan: GatewayPlan
    faults: tuple[Fault | None, ...]
    released: dict[int, int]
    restarted: frozenset[int]
    given_up: int | None


STEPS = st.integers(1, 10)
STORIES = st.builds(
    Story,
    plan=st.builds(
        GatewayPlan,
        state=st.sampled_from(["approved", "approved", "declined"]),
        pending_queries=st.integers(0, 12),
        reversible=st.sampled_from([True, True, True, False]),
    ),
    faults=st.lists(
        st.sampled_from([None, None, Fault.HELD, Fault.HELD, *(set(Fault) - SLOW)]), max_size=14
    ).map(tuple),
    released=st.dictionaries(STEPS, st.integers(0, 2), max_size=4),
    restarted=st.frozensets(STEPS, max_size=2),
    given_up=st.none() | STEPS,
)


def check(till: PayingTill, server: PaymentServer) -> None:
    """The books of the gateway agree with the till's journal."""
    assert till.kept is not None
    charges, net = server.ledger.charges(ID), server.ledger.net(ID)
    assert charges in {0, 1}
    assert net in {0, 1}
    expected = {APPROVED: {1}, DECLINED: {0}, REVERSED: {0}, UNKNOWN: {0, 1}}
    assert net in expected[till.kept.outcome]
    assert (till.kept.outcome is UNKNOWN) == (till.next.move is Move.LEAVE)


async def tell(story: Story, authority: Authority, folder: Path) -> PaymentOutcome:
    """The story to its end, and what the till knew by then."""
    async with payment_server(authority) as server, AsyncExitStack() as stack:
        config = gateway_settings(server.url, folder, authority.ca)
        server.ledger.plans.append(story.plan)
        server.faults.extend(story.faults)
        till = PayingTill(await stack.enter_async_context(gateway_terminal(**config)))
        await till.pay(intent())
        for step in range(1, MOST_STEPS):
            if till.over:
                break
            if step in story.released:
                server.release_one(story.released[step])
            if step == story.given_up:
                till.give_up()
            if step in story.restarted:
                till.restart(await stack.enter_async_context(gateway_terminal(**config)))
            await till.step()
        assert till.over
        server.release()
        check(till, server)
        outcome = till.kept.outcome
        # Once the network is well again, what was unknown is settled, and stays settled.
        server.faults.clear()
        till.restart(await stack.enter_async_context(gateway_terminal(**config)))
        while not till.over:
            await till.step()
        assert till.kept.outcome is not UNKNOWN
        check(till, server)
        return outcome


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("pki"))


def story(*faults: Fault | None, given_up: int | None = None, **plan: object) -> Story:
    return Story(GatewayPlan(**plan), faults, {2: 0}, frozenset(), given_up)


@settings(STEADY, max_examples=60)
@given(told=STORIES)
@example(told=story(Fault.HELD, None, Fault.HELD))
@example(told=story(Fault.CLOSED_AFTER, Fault.HELD, given_up=1))
@example(told=story(Fault.HELD, given_up=1))
@example(told=story(*[Fault.CLOSED_AFTER] * 14))
@example(told=story(*[Fault.HELD] * 14))
@example(told=story(Fault.CLOSED_AFTER, given_up=1, reversible=False))
@example(told=story(pending_queries=12))
def test_no_story_charges_twice_or_gives_anything_away(told: Story, authority: Authority) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(tell(told, authority, Path(folder)))


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        (story(), APPROVED),
        (story(state="declined"), DECLINED),
        (story(pending_queries=3), APPROVED),
        (story(pending_queries=100), REVERSED),
        (story(Fault.CLOSED_AFTER), APPROVED),
        (story(Fault.CLOSED_BEFORE), DECLINED),
        (story(Fault.HELD), DECLINED),
        (story(Fault.CLOSED_AFTER, given_up=1), REVERSED),
        (story(Fault.HELD, given_up=1), DECLINED),
        (story(Fault.CLOSED_AFTER, given_up=1, reversible=False), APPROVED),
        (story(*[Fault.CLOSED_AFTER] * 40), UNKNOWN),
        (story(*[Fault.OTHER_AMOUNT] * 40), UNKNOWN),
        (story(*[Fault.WRONG_KEY] * 2), APPROVED),
    ],
)
async def test_each_story_ends_as_it_must(
    told: Story, outcome: PaymentOutcome, authority: Authority, tmp_path: Path
) -> None:
    assert await tell(told, authority, tmp_path) is outcome


def simulated() -> SimulatedPayment:
    around = surroundings(RecordingInbox())
    return SimulatedPayment(PaymentSimulatedSettings(driver="payment_simulated", name="m"), around)


@settings(STEADY, max_examples=300)
@given(
    plan=st.builds(
        Plan,
        outcome=st.sampled_from([APPROVED, DECLINED]),
        pending_queries=st.integers(0, 12),
        lost_answers=st.integers(0, 20),
        lost_request=st.booleans(),
        reversible=st.booleans(),
    ),
    given_up=st.none() | STEPS,
    unplugged=st.frozensets(STEPS, max_size=5),
)
def test_the_simulated_terminal_keeps_the_same_promise(
    plan: Plan, given_up: int | None, unplugged: frozenset[int]
) -> None:
    async def play() -> None:
        terminal = simulated()
        terminal.plans.append(plan)
        till = PayingTill(terminal)
        await till.pay(intent())
        for step in range(1, MOST_STEPS):
            if till.over:
                break
            if step == given_up:
                till.give_up()
            switch: Callable[[], None] = terminal.replug
            if step in unplugged:
                switch = terminal.unplug
            switch()
            await till.step()
        booking = terminal.books.get(ID)
        charges = booking.charges if booking else 0
        net = charges - (booking.reversals if booking else 0)
        assert charges in {0, 1}
        expected = {APPROVED: {1}, DECLINED: {0}, REVERSED: {0}, UNKNOWN: {0, 1}}
        assert till.over
        assert net in expected[till.kept.outcome]

    asyncio.run(play())
