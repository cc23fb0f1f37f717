"""What a refund is paid out in: money goes back the way it came, to the last minor unit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from edge.checkout.balances.loyalty_refund import split_back
from edge.checkout.money import round_to_step
from edge.checkout.records import Sale, Tender, TenderKind
from edge.checkout.sale.returns import NO_PIECES, Pieces, bound_tenders, covered

# What can be paid out another way when it must be. What was paid from an account goes back there.
MONEY: Final = frozenset({TenderKind.CASH, TenderKind.CARD, TenderKind.MOBILE, TenderKind.VOUCHER})


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a sale was paid: what came in by it, and what of that no refund gave back
    yet. `cash_minor` is what came into the drawer, which cash rounding may have made another sum;
    `as_cash_minor` is what went back as cash though it came in otherwise. Of what is left,
    `bound_minor` paid for pieces of its own, `own_minor` of it for those that come back now.
    """

    kind: TenderKind
    reference: str
    account: str
    paid_minor: int
    left_minor: int
    cash_minor: int
    as_cash_minor: int = 0
    bound_minor: int = 0
    own_minor: int = 0

    def is_of(self, tender: Tender) -> bool:
        mine = (self.kind, self.reference, self.account)
        return mine == (tender.kind, tender.reference, tender.account)

    def takes(self, tender: Tender) -> bool:
        """Whether that payment of a refund may have gone back this way: one without a reference may
        be of several ways of its kind.
        """
        like = self.kind is tender.kind and self.account == tender.account
        return like and tender.reference in ("", self.reference) and not is_onto(tender)


def is_onto(tender: Tender) -> bool:
    """Whether that payment of a refund put money onto an account. What the account paid has units,
    which come back to it.
    """
    return tender.kind is TenderKind.STORED_VALUE and not tender.units


def ways_back(
    sale: Sale,
    paid_back: Iterable[Tender],
    left: Pieces = NO_PIECES,
    now: Pieces = NO_PIECES,
) -> tuple[Way, ...]:
    """How the sale was paid, and what is left of each way after its earlier refunds. What one of
    them paid out another way is taken off the money that is left, in proportion. `left` are the
    pieces that the customer has still, `now` those of them that come back.
    """
    ways = _bound(_ways(sale), sale, left, now)
    for tender in paid_back:
        own = _own_parts(ways, tender, tender.amount_minor)
        ways = _less(ways, own)
        others = _money_shares(ways, tender.amount_minor - sum(own))
        ways = _less(ways, others)
        if tender.kind is TenderKind.CASH:
            ways = _as_cash(ways, others)
    return ways


def _own_parts(ways: Sequence[Way], tender: Tender, minor: int) -> list[int]:
    """What of a payment's sum goes back to the ways that it is of, as far as they have it: first
    to the very one that it names.
    """
    parts = [0] * len(ways)
    for place in sorted(range(len(ways)), key=lambda place: not ways[place].is_of(tender)):
        way = ways[place]
        parts[place] = min(minor, way.left_minor) if way.takes(tender) else 0
        minor -= parts[place]
    return parts


def _ways(sale: Sale) -> tuple[Way, ...]:
    ways: list[Way] = []
    for tender in sale.tenders:
        cash_minor = tender.tendered_minor - tender.change_minor
        at = next((place for place, way in enumerate(ways) if way.is_of(tender)), None)
        paid = tender.amount_minor
        if at is None:
            way = Way(tender.kind, tender.reference, tender.account, paid, paid, cash_minor)
            ways.append(way)
        else:
            way = ways[at]
            ways[at] = replace(
                way,
                paid_minor=way.paid_minor + paid,
                left_minor=way.left_minor + paid,
                cash_minor=way.cash_minor + cash_minor,
            )
    return tuple(ways)


def _bound(ways: Sequence[Way], sale: Sale, left: Pieces, now: Pieces) -> tuple[Way, ...]:
    """With what paid for pieces of its own: a visit for its service, points for a reward."""
    bound = bound_tenders(sale)

    def costs(way: Way, pieces: Pieces) -> int:
        return sum(covered(sale, each, pieces)[1] for each in bound if way.is_of(each))

    return tuple(
        replace(way, bound_minor=costs(way, left), own_minor=costs(way, now)) for way in ways
    )


def _less(ways: Sequence[Way], parts: Sequence[int]) -> tuple[Way, ...]:
    return tuple(
        replace(way, left_minor=way.left_minor - part)
        for way, part in zip(ways, parts, strict=True)
    )


def _as_cash(ways: Sequence[Way], parts: Sequence[int]) -> tuple[Way, ...]:
    return tuple(
        replace(way, as_cash_minor=way.as_cash_minor + part)
        for way, part in zip(ways, parts, strict=True)
    )


def _money_shares(ways: Sequence[Way], minor: int) -> list[int]:
    """So much of the money that is left, by way; nothing of an account."""
    left = [way.left_minor if way.kind in MONEY else 0 for way in ways]
    return list(split_back(minor, left)) if minor else [0] * len(ways)


def money_back(ways: Sequence[Way], now_minor: int) -> int:
    """How much of a refund may be withheld from the money that goes back."""
    left_minor = sum(way.left_minor for way in ways if way.kind in MONEY)
    return min(left_minor, now_minor - sum(way.own_minor for way in ways))


def tenders_back(
    ways: Sequence[Way],
    now_minor: int,
    step_minor: int,
    instead: Tender | None = None,
    withheld: tuple[Tender, ...] = (),
) -> tuple[Tender, ...]:
    """The payments of a refund: no way gets back more than came in by it, and they sum exactly.
    What paid for pieces of its own comes back with them, the rest is shared over the other ways.
    `instead` is what pays the money's part, whatever that was paid with, before the accounts'. What
    is `withheld` comes first, and is off the money as if it had been paid out another way.
    """
    for tender in withheld:
        ways = _less(ways, _money_shares(ways, tender.amount_minor))
        now_minor -= tender.amount_minor
    own_minor = sum(way.own_minor for way in ways)
    shares = split_back(now_minor - own_minor, [way.left_minor - way.bound_minor for way in ways])
    parts = [way.own_minor + share for way, share in zip(ways, shares, strict=True)]
    as_it_came = [(way, part) for way, part in zip(ways, parts, strict=True) if part]
    tenders: list[Tender] = []
    if instead is not None:
        money_minor = sum(part for way, part in as_it_came if way.kind in MONEY)
        as_it_came = [(way, part) for way, part in as_it_came if way.kind not in MONEY]
        if money_minor:
            tenders.append(_out_instead(ways, money_minor, instead, step_minor))
    tenders += [_out(way, part, step_minor) for way, part in as_it_came]
    return (*withheld, *tenders) or (_nothing(ways, instead),)


def is_another_way(ways: Sequence[Way], kind: TenderKind) -> bool:
    """Whether that kind would pay out money that came in another way."""
    return any(way.kind in MONEY and way.kind is not kind and way.left_minor for way in ways)


def _out(way: Way, part_minor: int, step_minor: int) -> Tender:
    paid_minor = _cash(way, part_minor, step_minor) if way.kind is TenderKind.CASH else part_minor
    units = part_minor if way.kind is TenderKind.STORED_VALUE else 0
    return Tender(way.kind, part_minor, paid_minor, 0, way.reference, way.account, units)


def _cash(way: Way, part_minor: int, step_minor: int) -> int:
    """The coins for a part: the difference of two rounded sums, so that all parts together are what
    came into the drawer.
    """

    def out(back_minor: int) -> int:
        if back_minor == way.paid_minor:
            return way.cash_minor
        return min(round_to_step(back_minor, step_minor), way.cash_minor)

    before_minor = way.paid_minor - way.left_minor
    return out(before_minor + part_minor) - out(before_minor)


def _out_instead(
    ways: Sequence[Way], amount_minor: int, instead: Tender, step_minor: int
) -> Tender:
    """One payment of that kind: first what came in by it, then what came in otherwise."""
    if instead.account:
        return replace(instead, amount_minor=amount_minor, tendered_minor=amount_minor)
    own = _own_parts(ways, instead, amount_minor)
    tenders = [_out(way, part, step_minor) for way, part in zip(ways, own, strict=True) if part]
    if len(tenders) == 1 and tenders[0].amount_minor == amount_minor:
        return tenders[0]
    other_minor = amount_minor - sum(own)
    out_minor = sum(tender.tendered_minor for tender in tenders)
    if instead.kind is TenderKind.CASH:
        # Rounded as a running sum: many small parts are no more coins than one large one.
        before_minor = sum(way.as_cash_minor for way in ways)
        out_minor += round_to_step(before_minor + other_minor, step_minor)
        out_minor -= round_to_step(before_minor, step_minor)
    else:
        out_minor += other_minor
    return Tender(instead.kind, amount_minor, out_minor, 0)


def _nothing(ways: Sequence[Way], instead: Tender | None) -> Tender:
    """Goods that cost nothing come back for nothing."""
    money = instead is not None and instead.kind in MONEY
    return Tender(instead.kind if instead and money else ways[0].kind, 0, 0, 0)
