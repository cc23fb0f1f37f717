"""Members: who they are, how they are looked up, and what the till puts on record about them.

No text of these values holds a phone number, a name or a birthday.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final, TypeAlias

from edge.checkout.balances.accounts import Account, AccountKind, AccountRef
from edge.checkout.goods.barcode import is_ascii_digits
from edge.checkout.loyalty.member_numbers import CARDS_A_TILL, card_number, is_card
from edge.checkout.loyalty.phones import TAIL_DIGITS, PhonePlan, read_phone
from edge.checkout.records import Entry, EntryKind, Json, JsonObject

# What fits a line of the cashier's screen; a list that is longer is asked about more closely.
LONGEST_NAME: Final = 40
MOST_HITS: Final = 9


@dataclass(frozen=True, slots=True)
class Member:
    """`number` stays for life, `card` is the one in force; both look alike. `phone` is E.164,
    `birthday` is `MM-DD` or `YYYY-MM-DD`, each empty where unknown. Each change raises `revision`.
    """

    number: str
    card: str
    revision: int = 1
    phone: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    birthday: str = field(default="", repr=False)
    consent: bool = False
    tier: str = ""
    segments: tuple[str, ...] = ()
    blocked: bool = False

    @property
    def points(self) -> AccountRef:
        return AccountRef(AccountKind.POINTS, self.number, self.number)

    @property
    def stored_value(self) -> AccountRef:
        return AccountRef(AccountKind.STORED_VALUE, self.number, self.number)

    def count_card(self, plan: str) -> AccountRef:
        return AccountRef(AccountKind.COUNT_CARD, self.number, self.number, plan)


@dataclass(frozen=True, slots=True)
class MemberTrade:
    """What a member bought so far, as far as this till knows: what headquarters said, and since
    then what was bought here.
    """

    purchases: int = 0
    spent_minor: int = 0


@dataclass(frozen=True, slots=True)
class MemberSummary:
    """What the cashier chooses by, when a query has several answers."""

    number: str
    masked_name: str
    card_tail: str
    tier: str


# --- queries


@dataclass(frozen=True, slots=True)
class ByPhone:
    phone: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ByTail:
    """The last four digits of the phone number."""

    tail: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ByCard:
    """A card's number; `or_phone` is looked up when there is no such card, for what was keyed may
    be either.
    """

    card: str
    or_phone: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ByNumber:
    number: str


@dataclass(frozen=True, slots=True)
class ByToken:
    """A signed QR code as it was scanned."""

    text: str = field(repr=False)


MemberQuery: TypeAlias = ByPhone | ByTail | ByCard | ByNumber | ByToken

# --- answers


@dataclass(frozen=True, slots=True)
class MemberFound:
    """A member in good standing, and the accounts that this till holds something of."""

    member: Member
    trade: MemberTrade
    accounts: tuple[Account, ...]

    def account(self, ref: AccountRef) -> Account:
        """The member's account, an empty one where this till holds nothing of it."""
        return next((each for each in self.accounts if each.ref.id == ref.id), Account(ref))

    def of_kind(self, kind: AccountKind) -> tuple[Account, ...]:
        return tuple(account for account in self.accounts if account.ref.kind is kind)


@dataclass(frozen=True, slots=True)
class SeveralMembers:
    """At most MOST_HITS of them; `more` says that there are others."""

    members: tuple[MemberSummary, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class MemberMissing:
    """Nobody this till knows. Elsewhere there may be one."""


class MemberRefusal(StrEnum):
    """Why somebody who was found, or a code that was shown, is not taken."""

    BLOCKED = "blocked"
    CARD_REPLACED = "card_replaced"
    MISREAD = "misread"
    FORGED = "forged"
    EXPIRED = "expired"
    REPLAYED = "replayed"
    NO_KEY = "no_key"


@dataclass(frozen=True, slots=True)
class MemberRefused:
    """`number` is the member's where it is known, for a supervisor to unblock."""

    reason: MemberRefusal
    number: str = ""


MemberAnswer: TypeAlias = MemberFound | SeveralMembers | MemberMissing | MemberRefused


def member_query(text: str, plan: PhonePlan) -> MemberQuery | None:
    """What keyed digits ask for: four of them are the phone's last ones, a card's number with a
    good check digit is that card, anything else must be a phone number; None when it is none.
    """
    phone = read_phone(text, plan)
    if is_card(text):
        return ByCard(text, phone or "")
    if len(text) == TAIL_DIGITS and is_ascii_digits(text):
        return ByTail(text)
    return ByPhone(phone) if phone is not None else None


def summary(member: Member) -> MemberSummary:
    return MemberSummary(member.number, masked(member.name), member.card[-4:], member.tier)


def masked(name: str) -> str:
    """What others may see of a name: `王*`, `J*** S***`, `*` for no name."""
    if not name:
        return "*"
    words = name.split()
    if not name[0].isascii() and len(words) == 1:
        return f"{name[0]}*"
    return " ".join(f"{word[0]}***" for word in words[:2])


# --- what goes on record


class EnrolRefusal(StrEnum):
    """Why nobody is enrolled, nothing changed."""

    BAD_PHONE = "bad_phone"
    BAD_NAME = "bad_name"
    NUMBERS_USED_UP = "numbers_used_up"


@dataclass(frozen=True, slots=True)
class Written:
    """The member as he is now, and the entry that makes it so."""

    member: Member
    entry: Entry


class Personal(dict[str, Json]):
    """A JSON object whose text shows nothing of it, so that a body can stand in a message."""

    def __repr__(self) -> str:
        return "<personal>"


def enrol(
    phone_text: str, till: int, counter: int, plan: PhonePlan, *, name: str = "", tier: str = ""
) -> Written | EnrolRefusal:
    """A new member with the till's `counter`th card; the rest is changed afterwards."""
    phone = read_phone(phone_text, plan)
    if phone is None:
        return EnrolRefusal.BAD_PHONE
    if counter > CARDS_A_TILL:
        return EnrolRefusal.NUMBERS_USED_UP
    if not is_name(name):
        return EnrolRefusal.BAD_NAME
    number = card_number(till, counter)
    member = Member(number, number, phone=phone, name=name.strip(), tier=tier)
    return Written(member, member_entry(EntryKind.MEMBER_ENROLLED, member, "enrolled"))


def is_name(text: str) -> bool:
    """Whether a name can be kept and printed; an empty one can."""
    return len(text) <= LONGEST_NAME and text.isprintable()


def update(member: Member, changed: Member, reason: str) -> Written:
    """The member with other particulars; number, card and revision are not the caller's."""
    after = replace(changed, number=member.number, card=member.card, revision=member.revision + 1)
    return Written(after, member_entry(EntryKind.MEMBER_UPDATED, after, reason))


def block(member: Member, reason: str, *, blocked: bool = True) -> Written:
    """Nothing is earned or redeemed until the member is let in again."""
    after = replace(member, blocked=blocked, revision=member.revision + 1)
    return Written(after, member_entry(EntryKind.MEMBER_BLOCKED, after, reason))


def replace_card(member: Member, till: int, counter: int, reason: str) -> Written | EnrolRefusal:
    """The member with the till's `counter`th card; the old one is refused from now on."""
    if counter > CARDS_A_TILL:
        return EnrolRefusal.NUMBERS_USED_UP
    after = replace(member, card=card_number(till, counter), revision=member.revision + 1)
    return Written(
        after,
        member_entry(EntryKind.MEMBER_CARD_REPLACED, after, reason, old_card=member.card),
    )


def bought_entry(member: str, receipt_no: int, amount_minor: int) -> Entry:
    """That a sale was a member's; `amount_minor` is what was paid."""
    return Entry(
        EntryKind.MEMBER_BOUGHT,
        {"member": member, "receipt_no": receipt_no, "amount_minor": amount_minor},
    )


def returned_entry(
    member: str, receipt_no: int, of_receipt_no: int, amount_minor: int, *, whole: bool
) -> Entry:
    """That a refund was a member's; `whole` says that nothing is left of the sale."""
    return Entry(
        EntryKind.MEMBER_RETURNED,
        {
            "member": member,
            "receipt_no": receipt_no,
            "of_receipt_no": of_receipt_no,
            "amount_minor": amount_minor,
            "purchases": 1 if whole else 0,
        },
    )


def member_entry(kind: EntryKind, member: Member, reason: str, old_card: str = "") -> Entry:
    """The whole member as he is after the change; personal data stands in `person` alone."""
    person = Personal(
        phone=member.phone,
        name=member.name,
        birthday=member.birthday,
        consent=member.consent,
    )
    body: JsonObject = {
        "member": member.number,
        "revision": member.revision,
        "card": member.card,
        "old_card": old_card,
        "tier": member.tier,
        "segments": list(member.segments),
        "blocked": member.blocked,
        "reason": reason,
        "person": person,
    }
    return Entry(kind, body)


def member_from(body: Mapping[str, Any]) -> Member:
    """The member of a journal body. Raises KeyError or TypeError when the body is not one."""
    person = body["person"]
    return Member(
        number=body["member"],
        card=body["card"],
        revision=body["revision"],
        phone=person["phone"],
        name=person["name"],
        birthday=person["birthday"],
        consent=person["consent"],
        tier=body["tier"],
        segments=tuple(body["segments"]),
        blocked=body["blocked"],
    )
