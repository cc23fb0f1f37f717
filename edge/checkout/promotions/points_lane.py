"""The points lane: what the customer earns on what is paid."""

from edge.checkout.promotions.outcome import BonusPoints, Lane, Why
from edge.checkout.promotions.promotion import FULL_BP, PointsTimes
from edge.checkout.promotions.promotion_set import Position, Rank
from edge.checkout.promotions.work import Work


def run_points_lane(work: Work) -> None:
    """One point for every `minor_per_point` paid, and what the multipliers add; for members."""
    request = work.request
    if not request.shopper.member or not request.minor_per_point:
        return
    earning = [place for place, goods in enumerate(request.goods) if goods.earns_points]
    paid_minor = sum(map(work.left_minor.__getitem__, earning))
    work.base_points = paid_minor // request.minor_per_point
    for group in work.groups(Lane.POINTS):
        rates: dict[Rank, int] = {}
        won: dict[Position, Rank] = {}
        lost: dict[Rank, Rank] = {}
        for rank in group:
            benefit = work.promotion(rank).benefit
            assert isinstance(benefit, PointsTimes)
            rates[rank] = benefit.rate_bp
        for rank in sorted(group, key=lambda each: (-rates[each], each)):
            for position in work.found.get(work.promotions.slots_of[rank][0], ()):
                if position in earning:
                    lost[rank] = won.setdefault(position, rank)
        for rank in group:
            lines = [position for position, winner in won.items() if winner == rank]
            _add(work, rank, rates[rank], sorted(lines), lost.get(rank))


def _add(
    work: Work, rank: Rank, rate_bp: int, positions: list[Position], winner: Rank | None
) -> None:
    """Add the promotion's bonus for its lines, or say why there is none."""
    paid_minor = sum(work.left_minor[position] for position in positions)
    points = paid_minor * (rate_bp - FULL_BP) // (FULL_BP * work.request.minor_per_point)
    promotion = work.promotion(rank)
    if points:
        lines = tuple(work.request.goods[position].line for position in positions)
        work.bonus_points.append(BonusPoints(promotion.id, points, lines))
        work.count(rank, 1)
    elif winner is not None and winner != rank:
        work.miss(rank, Why.BEATEN, by=winner)
    else:
        work.miss(rank, Why.NO_SAVING)
