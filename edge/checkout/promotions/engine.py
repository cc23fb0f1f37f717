"""The promotions of a basket: one pure function."""

from edge.checkout.promotions.item_lane import run_item_lane
from edge.checkout.promotions.manual_lane import run_manual_lane
from edge.checkout.promotions.order_lane import run_order_lane
from edge.checkout.promotions.outcome import Outcome
from edge.checkout.promotions.points_lane import run_points_lane
from edge.checkout.promotions.promotion_set import PromotionSet, match
from edge.checkout.promotions.sale import PromotionRequest
from edge.checkout.promotions.unit_lane import run_unit_lane
from edge.checkout.promotions.work import Work


def apply_promotions(promotions: PromotionSet, request: PromotionRequest) -> Outcome:
    """What each line costs, and why: lane by lane, as docs/promotions.md says."""
    work = Work(promotions, request, match(promotions, request))
    if request.goods:
        run_unit_lane(work)
        run_item_lane(work)
        run_order_lane(work)
        run_manual_lane(work)
        run_points_lane(work)
    return work.outcome()
