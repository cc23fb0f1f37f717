"""A till for playbooks whose members, accounts and sales stand in a real store's tables."""

import sqlite3
from dataclasses import replace
from functools import cached_property
from typing import Any

from edge.checkout.balances.accounts import Account, AccountRef
from edge.checkout.effects import (
    DrawCard,
    DrawCoupon,
    FindAccount,
    FindAccounts,
    FindMember,
    FindReceiptLoyalty,
    FindVoucher,
    LoadMember,
    ReadCoupon,
    StoreEntries,
)
from edge.checkout.goods.catalogue import Catalogue
from edge.checkout.inputs import (
    AccountAnswered,
    AccountsAnswered,
    CardDrawn,
    CouponDrawn,
    CouponRead,
    Input,
    MemberAnswered,
    MemberLoaded,
    ReceiptLoyaltyAnswered,
    VoucherAnswered,
)
from edge.checkout.instant import ClockQuality, Instant
from edge.checkout.loyalty.member_numbers import card_number
from edge.checkout.loyalty.members import (
    ByToken,
    Member,
    MemberAnswer,
    MemberRefusal,
    MemberRefused,
    member_entry,
)
from edge.checkout.promotions.offers import compile_offers
from edge.checkout.records import Entry, EntryKind
from edge.checkout.shop import Shop
from edge.store import accounts, member_rows, vouchers
from edge.store.loyalty_settings import LoyaltySettings
from edge.store.members import _loyalty_of, _show
from edge.store.migrate import migrate, migrations
from edge.store.opening import Identity, open_epoch
from edge.store.recording import record
from edge.wire.member_codes import CodeReader, member_code
from tests.support.loyalty import HQ_KEY, PUBLIC_KEY
from tests.support.playbook import CATALOGUE, NOON_MS, SHOP, Till

TILL = 7
START = Instant(NOON_MS, "boot", 0, ClockQuality.SYNCED)
PHONE, TAIL = "13812345678", "5678"
SOON_S = NOON_MS // 1000 + 3_600

# A point for each yuan; at 100 silver, at 500 gold: half as much and as much again, 5 and 10 % off.
SETTINGS = LoyaltySettings(
    till=TILL,
    points={"minor_per_point": 100, "step_points": 100, "step_minor": 100},
    tiers=(
        {
            "id": "silver",
            "name_en": "Silver",
            "name_zh": "银卡",
            "from_minor": 10_000,
            "points_rate_bp": 15_000,
            "discount_bp": 500,
        },
        {
            "id": "gold",
            "name_en": "Gold",
            "name_zh": "金卡",
            "from_minor": 50_000,
            "points_rate_bp": 20_000,
            "discount_bp": 1_000,
            "price_list": "gold",
        },
    ),
    offers=({"id": "welcome", "name_en": "Welcome", "segment": "first-purchase", "off_minor": 50},),
)


def with_price(catalogue: Catalogue, plu: str, price_list: str, price_minor: int) -> Catalogue:
    """The catalogue with a price of a price list."""
    by_code = {
        code: replace(product, prices=((price_list, price_minor),))
        if product.plu == plu
        else product
        for code, product in catalogue.by_code.items()
    }
    return replace(catalogue, by_code=by_code)


def opened_store() -> sqlite3.Connection:
    """A new store in memory."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    migrate(conn, migrations(), START.utc_ms)
    open_epoch(conn, Identity("till-1", "CNY"), START, None)
    return conn


class MemberTill(Till):
    """`store` is the till's own; `settings` are the shop's rules for members."""

    def __init__(
        self,
        shop: Shop = SHOP,
        catalogue: Catalogue = CATALOGUE,
        *,
        store: sqlite3.Connection | None = None,
        settings: LoyaltySettings = SETTINGS,
        **options: Any,
    ) -> None:
        self.store = store or opened_store()
        self.settings = settings
        offers = compile_offers("", settings.promotions)
        options.setdefault("promotions", offers.promotions)
        options.setdefault("promotion_names", offers.names_in(shop.language))
        options.setdefault("loyalty", settings.rules)
        super().__init__(shop, catalogue, **options)

    @cached_property
    def codes(self) -> CodeReader:
        return CodeReader((PUBLIC_KEY,))

    def feed(self, cause: Input) -> "Till":
        self.world |= {
            FindMember: lambda asked: MemberAnswered(self.now(), self._find(asked)),
            LoadMember: lambda asked: MemberLoaded(
                self.now(), member_rows.load(self.store, asked.number)
            ),
            FindAccount: lambda asked: AccountAnswered(
                self.now(), accounts.load(self.store, asked.account_id)
            ),
            FindAccounts: lambda asked: AccountsAnswered(
                self.now(),
                tuple(
                    account
                    for each in asked.account_ids
                    if (account := accounts.load(self.store, each)) is not None
                ),
            ),
            FindVoucher: lambda asked: VoucherAnswered(
                self.now(), vouchers.is_taken(self.store, asked.number)
            ),
            ReadCoupon: self._coupon,
            FindReceiptLoyalty: self._receipt_loyalty,
            DrawCard: lambda _: CardDrawn(
                self.now(), member_rows.next_card(self.store, self.settings.till)
            ),
            DrawCoupon: lambda _: CouponDrawn(
                self.now(), member_rows.next_coupon(self.store, self.settings.till), 12345
            ),
        }
        return super().feed(cause)

    def _find(self, asked: FindMember) -> MemberAnswer:
        if not isinstance(asked.query, ByToken):
            return member_rows.find(self.store, asked.query)
        at = replace(self.now(), quality=self.quality)
        code = self.codes.member(asked.query.text, at)
        if isinstance(code, MemberRefusal):
            return MemberRefused(code)
        return _show(self.store, code, at)

    def _receipt_loyalty(self, asked: FindReceiptLoyalty) -> ReceiptLoyaltyAnswered:
        found = _loyalty_of(self.store, asked.receipt_no)
        return ReceiptLoyaltyAnswered(
            self.now(),
            asked.receipt_no,
            found.member,
            found.movements,
            found.accounts,
            found.expired,
        )

    def _coupon(self, asked: ReadCoupon) -> CouponRead:
        ticket = self.codes.coupon(asked.text, self.now())
        if isinstance(ticket, MemberRefusal):
            return CouponRead(self.now(), refusal=ticket)
        return CouponRead(self.now(), ticket.name)

    def stored(self) -> "Till":
        asked = self._asked[0]
        assert isinstance(asked, StoreEntries), asked
        self.put(*asked.entries, at=asked.at)
        return super().stored()

    def restarted(self) -> "MemberTill":
        till = type(self)(
            self.facts.shop,
            self.facts.catalogue,
            store=self.store,
            settings=self.settings,
            next_receipt_no=max(self._sold, default=0) + 1,
            draft=self.draft,
            held=self.held,
        )
        till.journal, till._sold = self.journal, self._sold
        return till

    # --- what stands in the store

    def put(self, *entries: Entry, at: Instant = START) -> "MemberTill":
        """Put entries on record; the tables assert that they make sense."""
        self.store.execute("BEGIN")
        record(self.store, at, entries)
        self.store.execute("COMMIT")
        return self

    def with_member(self, counter: int = 1, **particulars: Any) -> Member:
        """Somebody who is a member already, with the till's `counter`th card."""
        number = card_number(TILL, counter)
        particulars.setdefault("phone", f"+86{PHONE}")
        member = Member(number, number, **particulars)
        self.put(member_entry(EntryKind.MEMBER_ENROLLED, member, "enrolled"))
        return member

    def spent(self, member: Member, amount_minor: int) -> None:
        """What headquarters says that the member bought elsewhere."""
        self.store.execute(
            "UPDATE member SET purchases = 1, spent_minor = ? WHERE number = ?",
            (amount_minor, member.number),
        )

    def member(self, number: str) -> Member | None:
        return member_rows.load(self.store, number)

    def account(self, ref: AccountRef) -> Account:
        return accounts.load(self.store, ref.id) or Account(ref)

    def points(self, member: Member) -> int:
        """What of the member's points this till holds."""
        return self.account(member.points).held


def signed(member: Member, expires_s: int = SOON_S, nonce: str = "nonce-01") -> str:
    """The member's QR code as headquarters signs it."""
    return member_code(HQ_KEY, member.number, expires_s, nonce)
