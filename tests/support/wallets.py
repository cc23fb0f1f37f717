"""A shop whose members pay from accounts: its rules, and a till at which they stand."""

from datetime import date
from typing import Any

from edge.checkout.balances.account_records import movement_entry
from edge.checkout.balances.accounts import NEVER, AccountKind, AccountRef, grant
from edge.checkout.goods.catalogue import Catalogue, Product
from edge.checkout.loyalty.member_numbers import card_number, coupon_number
from edge.checkout.loyalty.members import Member
from edge.checkout.records import Unit
from edge.checkout.shop import Shop
from edge.store.loyalty_settings import LoyaltySettings
from tests.support.member_till import TILL, MemberTill
from tests.support.playbook import CATALOGUE, SHOP

WALLET_SETTINGS = LoyaltySettings(
    till=TILL,
    points={"minor_per_point": 100, "step_points": 100, "step_minor": 100},
    rewards=(
        {"id": "cola", "points": 50, "plu": "1001"},
        {"id": "spring", "points": 80, "campaign": "spring"},
    ),
    top_up={
        "least_minor": 1_000,
        "most_minor": 50_000,
        "most_held_minor": 80_000,
        "bonuses": [
            {"from_minor": 5_000, "bonus_minor": 500},
            {"from_minor": 10_000, "bonus_minor": 1_500},
        ],
    },
    count_plans=({"id": "CUTS10", "visits": 10, "services": ["3001"], "valid_days": 365},),
    campaigns=(
        {"id": "spring", "name_en": "Spring", "kind": "money", "off_minor": 200},
        {"id": "open", "kind": "percent", "rate_bp": 1_000, "single_use": False},
        {"id": "big", "kind": "money", "off_minor": 500, "spend_minor": 2_000},
        {"id": "half-cola", "kind": "item", "rate_bp": 5_000, "products": ["1001"]},
        {"id": "free-gum", "kind": "gift", "products": ["1004"]},
        {"id": "tenth", "kind": "percent", "rate_bp": 1_000},
        {"id": "old", "kind": "money", "off_minor": 100, "last": date(2020, 1, 1)},
        {"id": "thanks", "kind": "money", "off_minor": 300, "issue_from_minor": 10_000},
        {
            "id": "bygone",
            "kind": "money",
            "off_minor": 300,
            "issue_from_minor": 11_000,
            "last": date(2020, 1, 1),
        },
        {"id": "later", "kind": "money", "off_minor": 100, "first": date(2099, 1, 1)},
    ),
)
CUT = Product("3001", "Haircut", "剪发", 3_000, "A", Unit.EACH, is_service=True)
CUTS10 = Product("CUTS10", "Ten haircuts", "剪发十次卡", 25_000, "A", Unit.EACH)
SHELF = Catalogue("1", {**CATALOGUE.by_code, "3001": CUT, "CUTS10": CUTS10})
GIFT_CARD = card_number(TILL, 90)
GIFT = AccountRef(AccountKind.STORED_VALUE, GIFT_CARD)
COUPON = coupon_number(TILL, 1, 4_711)


class WalletTill(MemberTill):
    """A till of that shop."""

    def __init__(self, shop: Shop = SHOP, catalogue: Catalogue = SHELF, **options: Any) -> None:
        options.setdefault("settings", WALLET_SETTINGS)
        self._leases = 0
        super().__init__(shop, catalogue, **options)

    def lease(self, ref: AccountRef, amount: int, expires_on: date = NEVER) -> "WalletTill":
        """Headquarters hands a part of a balance to this till."""
        self._leases += 1
        lease = f"L-{self._leases}-{ref.id}-{amount}"
        self.put(movement_entry(grant(self.account(ref), lease, amount, expires_on)))
        return self

    def holds(self, ref: AccountRef) -> int:
        return self.account(ref).held

    def known(self, member: Member) -> "WalletTill":
        """The open sale is that member's."""
        self.press(f"{member.card} MEMBER").settled()
        return self


def coupon(campaign: str = "spring", number: str = COUPON, owner: str = "") -> AccountRef:
    return AccountRef(AccountKind.COUPON, number, owner, campaign)


def served(points: int = 0, value_minor: int = 0, visits: int = 0) -> tuple[WalletTill, Member]:
    """A till that serves a member who has so much here."""
    till = WalletTill()
    member = till.with_member()
    for ref, amount in (
        (member.points, points),
        (member.stored_value, value_minor),
        (member.count_card("CUTS10"), visits),
    ):
        if amount:
            till.lease(ref, amount)
    till.known(member)
    return till, member
