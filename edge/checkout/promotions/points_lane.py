"""The points lane: what the customer earns on what is paid."""

from itertools import compress

from edge.checkout.promotions.outcome import BonusPoints, Why
from edge.checkout.promotions.promotion import FULL_BP, PointsTimes
from edge.checkout.promotions.promotion_set import POINTS_LANE, Position, Rank
from edge.checkout.promotions.work import Work


def run_points_lane(work: Work) -> None:
    """One point for every `minor_per_point` paid, and what the multipliers add; for members."""
    request = work.request
    if not request.shopper.member or not request.minor_per_point:
        return
    earning = [goods.earns_points for goods in request.goods]
    work.base_points = sum(compress(work.left_minor, earning)) // request.minor_per_point
    for group in work.groups(POINTS_LANE):
        rates: dict[Rank, int] = {}
        won: dict[Position, Rank] = {}
        lost: dict[Rank, Rank] = {}
        for rank in group:
            benefit = work.plans[rank].benefit
            assert isinstance(benefit, PointsTimes)
            rates[rank] = benefit.rate_bp
        for rank in sorted(group, key=lambda each: (-rates[each], each)):
            for position in work.found.get(work.plans[rank].slot, ()):
                if earning[position]:
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
    promotion = work.plans[rank].id
    if points:
        lines = tuple(work.request.goods[position].line for position in positions)
        work.bonus_points.append(BonusPoints(promotion, points, lines))
        work.uses[promotion] = 1
    elif winner is not None and winner != rank:
        work.miss(rank, Why.BEATEN, by=winner)
    else:
        work.miss(rank, Why.NO_SAVING)
