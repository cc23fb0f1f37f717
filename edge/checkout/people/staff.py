"""The people of a shop as one snapshot that is swapped whole: who they are, and what they may."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from edge.checkout.people.duty import USUAL_RULE, PinRule
from edge.checkout.shop import Language

LEAST_PIN, MOST_PIN = 4, 8


class Permission(StrEnum):
    """What somebody may be allowed to do; the value is the name in the staff file and the journal.
    Whatever is not named here, whoever is signed on may do.
    """

    SELL = "sell"
    REFUND = "refund"
    REFUND_WITHOUT_RECEIPT = "refund_without_receipt"
    REFUND_OTHER_TENDER = "refund_other_tender"
    REFUND_USED_COUPON = "refund_used_coupon"
    PRICE_OVERRIDE = "price_override"
    DISCOUNT = "discount"
    VOID_LINE = "void_line"
    CANCEL_SALE = "cancel_sale"
    NO_SALE = "no_sale"
    PAID_IN_OUT = "paid_in_out"
    COPY_RECEIPT = "copy_receipt"
    STOCK = "stock"
    SHIFT_OPEN = "shift_open"
    SHIFT_CLOSE = "shift_close"
    X_REPORT = "x_report"
    MEMBER_EDIT = "member_edit"
    MEMBER_BLOCK = "member_block"
    TOP_UP = "top_up"
    SETTLE_PAYMENT = "settle_payment"
    OVER_LIMIT = "over_limit"
    AGE_CHECK = "age_check"
    STAFF_UNLOCK = "staff_unlock"
    BOTTLES = "bottles"
    TRAINING = "training"
    RECONNECT = "reconnect"


@dataclass(frozen=True, slots=True)
class Role:
    name: str
    permissions: frozenset[Permission]


_P = Permission
# What takes money out of the drawer, changes a price or hides a sale needs a second pair of eyes.
CASHIER: Final = Role(
    "cashier",
    frozenset(
        {
            *(_P.SELL, _P.VOID_LINE, _P.COPY_RECEIPT, _P.MEMBER_EDIT, _P.TOP_UP, _P.BOTTLES),
            *(_P.SHIFT_OPEN, _P.SHIFT_CLOSE, _P.SETTLE_PAYMENT, _P.AGE_CHECK, _P.TRAINING),
        }
    ),
)
# Money that leaves another way than it came, and a customer shut out, are for the manager.
SUPERVISOR: Final = Role(
    "supervisor", frozenset(Permission) - {_P.REFUND_OTHER_TENDER, _P.MEMBER_BLOCK}
)
MANAGER: Final = Role("manager", frozenset(Permission))
TRAINEE: Final = Role("trainee", frozenset({_P.SELL, _P.TRAINING}))
READY_ROLES: Final[Mapping[str, Role]] = {
    role.name: role for role in (CASHIER, SUPERVISOR, MANAGER, TRAINEE)
}


class Shown(StrEnum):
    """What stands of a person on a receipt."""

    NUMBER = "number"
    NAME = "name"
    BOTH = "both"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A person. The journal knows the number alone; name and PIN's hash stay out of every log."""

    number: str
    name: str = field(repr=False)
    role: Role
    pin_hash: str = field(repr=False)
    language: Language | None = None
    active: bool = True

    def may(self, permission: Permission) -> bool:
        return self.active and permission in self.role.permissions


@dataclass(frozen=True, slots=True)
class Staff:
    """One version of the shop's people; with nobody in it, nobody signs on and all is permitted."""

    version: str
    by_number: Mapping[str, StaffMember]
    rule: PinRule = USUAL_RULE
    on_receipt: Shown = Shown.NUMBER

    def __bool__(self) -> bool:
        return bool(self.by_number)

    def find(self, number: str) -> StaffMember | None:
        """Somebody who works here; not who has left."""
        member = self.by_number.get(number)
        return member if member is not None and member.active else None

    @property
    def active(self) -> tuple[StaffMember, ...]:
        """Who works here, by number: to choose from, as who did a service."""
        members = sorted(self.by_number.values(), key=lambda member: int(member.number))
        return tuple(member for member in members if member.active)

    def may(self, number: str, permission: Permission) -> bool:
        """Whether that person may do it. Where no staff is named, everybody may do everything."""
        if not self:
            return True
        member = self.find(number)
        return member is not None and member.may(permission)

    def shown(self, number: str) -> str:
        """How the person stands on a receipt: empty for nobody; the number alone for who is not
        named any more.
        """
        if not number or self.on_receipt is Shown.NOTHING:
            return ""
        member = self.by_number.get(number)
        if member is None or self.on_receipt is Shown.NUMBER:
            return number
        return member.name if self.on_receipt is Shown.NAME else f"{number} {member.name}"


NO_STAFF: Final = Staff(version="", by_number={})


def is_pin(text: str) -> bool:
    """Whether it can be a PIN at all: four to eight digits."""
    return text.isascii() and text.isdecimal() and LEAST_PIN <= len(text) <= MOST_PIN
