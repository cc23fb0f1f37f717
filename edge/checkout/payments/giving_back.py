"""What a refund is paid out in: money goes back the way it came, to the last coin."""

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
    """One way in which a sale was paid, and what came in by it that no refund gave back yet. Of
    what is left, `bound_minor` paid for pieces of its own, `own_minor` of it for those that come
    back now.
    """

    kind: TenderKind
    reference: str
    account: str
    left_minor: int
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


@dataclass(frozen=True, slots=True)
class Coins:
    """A past sale's cash as it stands after its earlier refunds: what of it none gave back yet, and
    the coins of it that are still in the drawer. Both are below 0 where more went out as cash than
    came in.
    """

    step_minor: int
    left_minor: int
    in_drawer_minor: int

    def out(self, amount_minor: int) -> int:
        """The coins for an amount: those that needn't stay for what is left behind it. So the coins
        of all parts are those that came in, to half a coin where parts went out another way.
        """
        stays_minor = round_to_step(self.left_minor - amount_minor, self.step_minor)
        return max(0, round_to_step(self.in_drawer_minor, self.step_minor) - stays_minor)


def coins_left(sale: Sale, paid_back: Iterable[Tender], step_minor: int) -> Coins:
    """What of the sale's cash is left, with a smallest coin of `step_minor`."""
    came = [each for each in sale.tenders if each.kind is TenderKind.CASH]
    went = [each for each in paid_back if each.kind is TenderKind.CASH]
    left_minor = sum(each.amount_minor for each in came) - sum(each.amount_minor for each in went)
    out_minor = sum(each.tendered_minor for each in went)
    in_minor = sum(each.tendered_minor - each.change_minor for each in came)
    return Coins(step_minor, left_minor, in_minor - out_minor)


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
        ways = _less(ways, _money_shares(ways, tender.amount_minor - sum(own)))
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
    paid: dict[tuple[TenderKind, str, str], int] = {}
    for tender in sale.tenders:
        by = tender.kind, tender.reference, tender.account
        paid[by] = paid.get(by, 0) + tender.amount_minor
    return tuple(Way(*by, minor) for by, minor in paid.items())


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
    coins: Coins,
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
            tenders.append(_out_instead(ways, money_minor, instead, coins))
    tenders += [_out(way, part, coins) for way, part in as_it_came]
    return (*withheld, *tenders) or (_nothing(ways, instead),)


def is_another_way(ways: Sequence[Way], kind: TenderKind) -> bool:
    """Whether that kind would pay out money that came in another way."""
    return any(way.kind in MONEY and way.kind is not kind and way.left_minor for way in ways)


def _out(way: Way, part_minor: int, coins: Coins) -> Tender:
    units = part_minor if way.kind is TenderKind.STORED_VALUE else 0
    out_minor = coins.out(part_minor) if way.kind is TenderKind.CASH else part_minor
    return Tender(way.kind, part_minor, out_minor, 0, way.reference, way.account, units)


def _out_instead(ways: Sequence[Way], amount_minor: int, instead: Tender, coins: Coins) -> Tender:
    """One payment of that kind, with the reference of what it came in by where that is one."""
    if instead.account:
        return replace(instead, amount_minor=amount_minor, tendered_minor=amount_minor)
    own = _own_parts(ways, instead, amount_minor)
    paid = (way for way, part in zip(ways, own, strict=True) if part == amount_minor)
    return _out(next(paid, Way(instead.kind, "", "", 0)), amount_minor, coins)


def _nothing(ways: Sequence[Way], instead: Tender | None) -> Tender:
    """Goods that cost nothing come back for nothing."""
    money = instead is not None and instead.kind in MONEY
    return Tender(instead.kind if instead and money else ways[0].kind, 0, 0, 0)
