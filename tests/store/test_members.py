"""Members in the store: found by every key, never shown, counted once."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import structlog

from edge.checkout.balances.accounts import Cause
from edge.checkout.balances.ledger import Ledger, open_ledger
from edge.checkout.instant import ClockQuality
from edge.checkout.loyalty.member_numbers import card_number
from edge.checkout.loyalty.members import (
    MOST_HITS,
    ByCard,
    ByNumber,
    ByPhone,
    ByTail,
    ByToken,
    Member,
    MemberFound,
    MemberMissing,
    MemberRefusal,
    MemberRefused,
    MemberTrade,
    SeveralMembers,
    Written,
    block,
    bought_entry,
    replace_card,
    returned_entry,
    update,
)
from edge.checkout.records import sale_entry
from edge.ports import MemberStore
from edge.store import members as members_module
from edge.store import tools
from edge.store.member_file import ImportedMember
from edge.store.members import MemberDesk
from edge.store.till_store import TillStore
from edge.wire.member_codes import CodeReader, member_code
from tests.support.loyalty import (
    BIRTHDAY,
    FORGERS_KEY,
    NAME,
    PHONE,
    PUBLIC_KEY,
    SECRETS,
    SOON_S,
    TILL,
    TODAY,
    at,
    enrolled_member,
    signed,
)
from tests.support.store import START_MS, SteppedClock, record, refund, sale, till

WANG = enrolled_member(1)
NUMBER = WANG.member.number


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "till.db"


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
async def store(path: Path, clock: SteppedClock) -> AsyncIterator[TillStore]:
    async with till(path, clock=clock) as opened:
        yield opened


@pytest.fixture
def desk(store: TillStore) -> MemberDesk:
    return desk_of(store)


def desk_of(store: TillStore) -> MemberDesk:
    return store.members(CodeReader([PUBLIC_KEY]), TILL)


def imported(counter: int, **changed: object) -> ImportedMember:
    number = card_number(TILL, counter)
    phone = f"+86138{counter:08d}"
    return ImportedMember(Member(number, number, phone=phone, **changed), MemberTrade(5, 9_900))


async def find(desk: MemberDesk, query: object) -> object:
    return await desk.find_member(query, at())


def test_it_is_what_the_port_asks_for(desk: MemberDesk) -> None:
    port: MemberStore = desk
    assert port is desk


async def test_a_member_is_found_by_phone_tail_card_number_and_signed_code(
    store: TillStore, desk: MemberDesk, clock: SteppedClock
) -> None:
    await record(store, clock, WANG.entry)
    found = MemberFound(WANG.member, MemberTrade(), ())
    for query in (
        ByPhone("+86" + PHONE),
        ByTail("5678"),
        ByCard(NUMBER),
        ByCard("9007000020", or_phone="+86" + PHONE),
        ByNumber(NUMBER),
        ByToken(signed(NUMBER)),
    ):
        assert await find(desk, query) == found
    for query in (ByPhone("+86"), ByTail("5679"), ByCard("9007000020"), ByNumber("9007000020")):
        assert await find(desk, query) == MemberMissing()


async def test_several_hits_are_a_list_of_masked_names(
    store: TillStore, desk: MemberDesk, clock: SteppedClock
) -> None:
    others = [enrolled_member(n, f"1390000{n:02d}5678"[:7] + "5678", "John Smith") for n in (2, 3)]
    await record(store, clock, WANG.entry, *(each.entry for each in others))
    several = await find(desk, ByTail("5678"))
    assert isinstance(several, SeveralMembers)
    assert [each.masked_name for each in several.members] == ["王*", "J*** S***", "J*** S***"]
    assert not several.more


async def test_a_list_of_hits_has_an_end(
    store: TillStore, desk: MemberDesk, clock: SteppedClock
) -> None:
    many = [enrolled_member(n, f"138{n:04d}5678") for n in range(1, MOST_HITS + 2)]
    await record(store, clock, *(each.entry for each in many))
    several = await find(desk, ByTail("5678"))
    assert isinstance(several, SeveralMembers)
    assert (len(several.members), several.more) == (MOST_HITS, True)


async def test_a_change_shows_at_once_and_after_a_restart(path: Path, clock: SteppedClock) -> None:
    changed = update(WANG.member, replace(WANG.member, name="王明", birthday=BIRTHDAY), "asked")
    async with till(path, clock=clock) as store:
        await record(store, clock, WANG.entry)
        await record(store, clock, changed.entry)
        assert await desk_of(store).member(NUMBER) == changed.member
    async with till(path, clock=clock) as store:
        assert await desk_of(store).member(NUMBER) == changed.member
    assert tools.verify(path).problems == ()


async def test_a_blocked_member_is_refused_until_he_is_let_in(
    store: TillStore, desk: MemberDesk, clock: SteppedClock
) -> None:
    blocked = block(WANG.member, "complaint")
    await record(store, clock, WANG.entry, blocked.entry)
    assert await find(desk, ByTail("5678")) == MemberRefused(MemberRefusal.BLOCKED, NUMBER)
    assert await desk.member(NUMBER) == blocked.member
    await record(store, clock, block(blocked.member, "settled", blocked=False).entry)
    assert isinstance(await find(desk, ByTail("5678")), MemberFound)


async def test_a_replaced_card_is_refused_and_the_new_one_taken(
    store: TillStore, desk: MemberDesk, clock: SteppedClock
) -> None:
    await record(store, clock, WANG.entry)
    assert await desk.next_card() == 2
    replaced = replace_card(WANG.member, TILL, 2, "lost")
    assert isinstance(replaced, Written)
    await record(store, clock, replaced.entry)
    refused = MemberRefused(MemberRefusal.CARD_REPLACED, NUMBER)
    assert await find(desk, ByCard(NUMBER)) == refused
    assert isinstance(await find(desk, ByCard(replaced.member.card)), MemberFound)
    assert await desk.next_card() == 3


async def test_a_number_is_given_out_once_and_revisions_rise(
    store: TillStore, clock: SteppedClock
) -> None:
    await record(store, clock, WANG.entry)
    with pytest.raises(AssertionError, match="given out once"):
        await record(store, clock, WANG.entry)
    changed = update(WANG.member, WANG.member, "asked")
    await record(store, clock, changed.entry)
    with pytest.raises(AssertionError, match="revisions rise"):
        await record(store, clock, changed.entry)


# --- signed codes


async def test_a_forged_an_expired_and_a_replayed_code(
    store: TillStore, desk: MemberDesk, clock: SteppedClock
) -> None:
    await record(store, clock, WANG.entry)
    forged = member_code(FORGERS_KEY, NUMBER, SOON_S, "nonce-01")
    assert await find(desk, ByToken(forged)) == MemberRefused(MemberRefusal.FORGED)
    old = signed(NUMBER, START_MS // 1000 - 1)
    assert await find(desk, ByToken(old)) == MemberRefused(MemberRefusal.EXPIRED)
    assert isinstance(await find(desk, ByToken(signed(NUMBER))), MemberFound)
    replayed = MemberRefused(MemberRefusal.REPLAYED, NUMBER)
    assert await find(desk, ByToken(signed(NUMBER))) == replayed
    assert isinstance(await find(desk, ByToken(signed(NUMBER, nonce="nonce-02"))), MemberFound)


async def test_a_code_stays_used_over_a_restart(path: Path, clock: SteppedClock) -> None:
    async with till(path, clock=clock) as store:
        await record(store, clock, WANG.entry)
        await find(desk_of(store), ByToken(signed(NUMBER)))
    async with till(path, clock=clock) as store:
        found = await find(desk_of(store), ByToken(signed(NUMBER)))
        assert found == MemberRefused(MemberRefusal.REPLAYED, NUMBER)


async def shown_codes(store: TillStore) -> int:
    query = "SELECT count(*) FROM shown_code"
    return await store._writer.submit(lambda conn: conn.execute(query).fetchone()[0])


async def test_codes_are_remembered_until_they_expire_and_up_to_a_number(
    store: TillStore,
    desk: MemberDesk,
    clock: SteppedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await record(store, clock, WANG.entry)
    monkeypatch.setattr(members_module, "KEPT_NONCES", 3)
    for n in range(5):
        await find(desk, ByToken(signed(NUMBER, SOON_S + n, f"nonce-0{n}")))
    assert await shown_codes(store) == 3
    late = at((SOON_S + 3) * 1000)
    unset = replace(late, quality=ClockQuality.UNSET)
    await desk.find_member(ByToken(signed(NUMBER, SOON_S + 9, "nonce-09")), unset)
    assert await shown_codes(store) == 3
    await desk.find_member(ByToken(signed(NUMBER, SOON_S + 9, "nonce-10")), late)
    # Of 02 to 04, 09 and 10 those are left that are still good.
    assert await shown_codes(store) == 3


# --- what a member bought


async def sells(store: TillStore, clock: SteppedClock, receipt_no: int) -> None:
    entries = [sale_entry(sale(receipt_no)), bought_entry(NUMBER, receipt_no, 995)]
    await store.commit(
        clock.now(), entries, ends_basket=True, opens_drawer=False, prints_receipt=False
    )


async def test_purchases_count_here_and_at_headquarters(
    store: TillStore, desk: MemberDesk, clock: SteppedClock
) -> None:
    await record(store, clock, WANG.entry)
    await sells(store, clock, 1)
    found = await find(desk, ByNumber(NUMBER))
    assert isinstance(found, MemberFound)
    assert found.trade == MemberTrade(1, 995)
    # Headquarters has counted the first sale; the second is on top.
    theirs = ImportedMember(replace(WANG.member, revision=2), MemberTrade(7, 50_000))
    await desk.load_members([theirs], "v1", clock.now())
    await sells(store, clock, 2)
    found = await find(desk, ByNumber(NUMBER))
    assert isinstance(found, MemberFound)
    assert found.trade == MemberTrade(8, 50_995)
    refunded = [
        sale_entry(refund(3, 2, {1: 1})),
        returned_entry(NUMBER, 3, 2, 199, whole=False),
    ]
    await record(store, clock, *refunded)
    found = await find(desk, ByNumber(NUMBER))
    assert isinstance(found, MemberFound)
    assert found.trade == MemberTrade(8, 50_796)
    assert (await desk.receipt_loyalty(2)).member == NUMBER
    assert (await desk.receipt_loyalty(9)).member == ""


async def test_a_purchase_counts_once_however_often_it_is_tried(
    store: TillStore, clock: SteppedClock
) -> None:
    await sells(store, clock, 1)
    with pytest.raises(AssertionError, match="comes next"):
        await sells(store, clock, 1)
    with pytest.raises(sqlite3.IntegrityError):
        await record(store, clock, bought_entry(NUMBER, 1, 995))


# --- headquarters' members


async def test_headquarters_members_take_the_place_of_those_before(
    path: Path, clock: SteppedClock
) -> None:
    async with till(path, clock=clock) as store:
        desk = desk_of(store)
        await record(store, clock, WANG.entry)
        await desk.load_members([imported(5), imported(6)], "v1", clock.now())
        await desk.load_members([imported(6, tier="gold")], "v2", clock.now())
        assert await desk.member(card_number(TILL, 5)) is None
        gold = await desk.member(card_number(TILL, 6))
        assert gold is not None
        assert gold.tier == "gold"
        # Enrolled here, and headquarters does not know it yet.
        assert await desk.member(NUMBER) == WANG.member
        assert await desk.next_card() == 7
    assert tools.verify(path).problems == ()


async def test_of_a_member_changed_on_both_sides_the_higher_revision_holds(
    store: TillStore, desk: MemberDesk, clock: SteppedClock
) -> None:
    changed = update(WANG.member, replace(WANG.member, consent=True), "asked")
    await record(store, clock, WANG.entry, changed.entry)
    await desk.load_members([ImportedMember(WANG.member, MemberTrade())], "v1", clock.now())
    assert await desk.member(NUMBER) == changed.member
    newer = replace(WANG.member, revision=3, tier="gold")
    await desk.load_members([ImportedMember(newer, MemberTrade())], "v2", clock.now())
    assert await desk.member(NUMBER) == newer


async def test_a_member_of_headquarters_is_changed_here_too(
    path: Path, clock: SteppedClock
) -> None:
    async with till(path, clock=clock) as store:
        desk = desk_of(store)
        theirs = imported(5, name=NAME)
        await desk.load_members([theirs], "v1", clock.now())
        lost = replace_card(theirs.member, TILL, await desk.next_card(), "lost")
        assert isinstance(lost, Written)
        await record(store, clock, lost.entry)
        found = await find(desk, ByNumber(theirs.member.number))
        assert found == MemberFound(lost.member, theirs.trade, ())
    assert tools.verify(path).problems == ()


# --- people stay private


async def test_no_log_no_text_and_no_error_holds_personal_data(
    path: Path, clock: SteppedClock, capfd: pytest.CaptureFixture[str]
) -> None:
    texts: list[str] = []
    member = replace(WANG.member, birthday=BIRTHDAY)
    with structlog.testing.capture_logs() as logs:
        async with till(path, clock=clock) as store:
            desk = desk_of(store)
            await record(store, clock, WANG.entry, update(member, member, "asked").entry)
            for work in (
                lambda: record(store, clock, WANG.entry),
                lambda: record(
                    store, clock, replace(WANG.entry, body={**WANG.entry.body, "x": 1.5})
                ),
                lambda: desk.load_members([ImportedMember(member, MemberTrade())] * 2, "v", at()),
            ):
                try:
                    texts.append(repr(await work()))
                except (AssertionError, TypeError, sqlite3.IntegrityError) as error:
                    texts.append(repr(error))
            texts.append(repr(await find(desk, ByPhone("+86" + PHONE))))
            texts.append(repr(await store.journal_after(0, 0, 10)))
            ledger = open_ledger((), TODAY).credit(member.points, 5, TODAY, Cause("gift"))
            await record(store, clock, *ledger.entries)
            texts += [repr(ledger), repr(await desk.receipt_loyalty(0))]
        texts += list(tools.show(path))
        with closing(sqlite3.connect(path)) as conn:
            conn.execute("UPDATE member_change SET revision = 99")
            conn.execute("UPDATE account SET debt = 7")
            conn.commit()
        report = tools.verify(path)
        assert len(report.problems) == 4
        texts += report.problems
    said = "\n".join([*texts, *map(repr, logs), *capfd.readouterr()])
    # Hashes and ids of boots hold every four digits once in a while.
    words = re.sub(r"[0-9a-f-]{32,}", "", said)
    assert [secret for secret in SECRETS if secret in words] == []


async def test_personal_data_stands_in_the_member_s_row_and_records_alone(
    path: Path, clock: SteppedClock
) -> None:
    async with till(path, clock=clock) as store:
        await record(store, clock, WANG.entry)
        await sells(store, clock, 1)
        ledger = open_ledger((), TODAY).credit(WANG.member.points, 5, TODAY, Cause("sale", 1))
        assert isinstance(ledger, Ledger)
        await record(store, clock, *ledger.entries)
        await find(desk_of(store), ByToken(signed(NUMBER)))
    with closing(sqlite3.connect(path)) as conn:
        tables = [
            row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        holders = {
            table
            for table in tables
            for row in conn.execute(f"SELECT * FROM {table}")
            if any(secret in str(cell) for secret in (PHONE, NAME) for cell in row)
        }
        kinds = {
            kind
            for kind, body in conn.execute("SELECT kind, body FROM journal")
            if PHONE in body or NAME in body
        }
    assert holders == {"member", "journal"}
    assert kinds == {"member.enrolled"}


async def test_whoever_asks_may_be_cancelled(desk: MemberDesk) -> None:
    asking = asyncio.create_task(find(desk, ByTail("5678")))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert await find(desk, ByTail("5678")) == MemberMissing()
