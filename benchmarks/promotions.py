"""What promotions take of a scan, beside two peers: `python benchmarks/promotions.py`.

The house and Medusa take turns, round by round: a machine that is slow for a while is so for both.
"""

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from promotions_offers import (
    Scenario,
    everything_on,
    everything_requests,
    our_promotion,
    our_request,
    scenario,
)
from promotions_peers import PeerMissingError, Taken, medusa, oscar
from table import Figure, lines_of, p50, p50_p99, p99

from edge.checkout.promotions.engine import apply_promotions
from edge.checkout.promotions.promotion_set import PromotionSet, compile_promotions
from edge.checkout.promotions.sale import PromotionRequest

ROUNDS = 4
# The aims: how many times as fast as the faster peer, and how long a large basket may take.
TIMES, MOST_MS = 5, 5
SMALL, LARGE = "10 lines x 10 promotions", "50 lines x 500 promotions"
EVERY_KIND = "every kind, with conditions, limits, groups, coupons, points"
WARM = 20
CACHE = Path(__file__).parents[1] / "build" / "peers"
HOUSE, MEDUSA, OSCAR = "the house", "Medusa", "django-oscar"
# Baskets a round for Medusa, and in all for Oscar. Oscar's hundreds of offers take a minute: only
# when this is run for itself.
MEDUSA_SMALL, MEDUSA_LARGE = 1_000, 12
OSCAR_SMALL, OSCAR_LARGE = 20, 2


class Timings:
    """The times of each side by scenario, and why a peer has none."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str], list[Taken]] = {}
        self.missing: dict[str, str] = {}

    def add(self, who: str, run: Callable[[], Mapping[str, Taken]]) -> None:
        """Run a side once, unless it is known that it can't be had."""
        if who in self.missing:
            return
        try:
            for name, taken in run().items():
                self.found.setdefault((who, name), []).append(taken)
        except PeerMissingError as error:
            self.missing[who] = str(error)

    def seconds(self, who: str, name: str) -> list[float]:
        """For each basket the quickest round: what it takes, not what else was going on."""
        rounds = [taken.ns for taken in self.found.get((who, name), ())]
        return [min(ns) / 1e9 for ns in zip(*rounds, strict=True)]

    def off(self, who: str, name: str) -> str:
        """What came off a basket, in the mean of those that the side got."""
        return f"{who} {self.found[who, name][0].off_minor / 100:.2f}"


def measure(*, patient: bool = False) -> list[Figure]:
    """Ours and what the peers take, or why there is none. `patient`: all scenarios for all."""
    small, large = scenario(10, 10, baskets=2_000), scenario(50, 500, baskets=300)
    timings = Timings()
    ours = {each.name: _ours(each) for each in (small, large)}
    ours[EVERY_KIND] = (everything_on(500), everything_requests())
    for_oscar = {small: OSCAR_SMALL, large: OSCAR_LARGE} if patient else {small: OSCAR_SMALL}
    for _ in range(ROUNDS):
        timings.add(HOUSE, lambda: {name: timed(*each) for name, each in ours.items()})
        timings.add(MEDUSA, lambda: medusa(CACHE, {small: MEDUSA_SMALL, large: MEDUSA_LARGE}))
    timings.add(OSCAR, lambda: oscar(CACHE, for_oscar))
    return [
        *_beside_peers(timings, SMALL),
        *_beside_peers(timings, LARGE),
        Figure(f"  {EVERY_KIND}", p50_p99(timings.seconds(HOUSE, EVERY_KIND))),
        *(Figure(f"  without {who}", "", why) for who, why in timings.missing.items()),
    ]


def _ours(each: Scenario) -> tuple[PromotionSet, list[PromotionRequest]]:
    promotions = [our_promotion(number, offer) for number, offer in enumerate(each.offers)]
    return compile_promotions(promotions), [our_request(lines) for lines in each.baskets]


def timed(promotions: PromotionSet, requests: Sequence[PromotionRequest]) -> Taken:
    """Each basket once."""
    for request in requests[:WARM]:
        apply_promotions(promotions, request)
    spent, off_minor = [], 0
    gc.collect()
    for request in requests:
        begun = time.perf_counter_ns()
        outcome = apply_promotions(promotions, request)
        spent.append(time.perf_counter_ns() - begun)
        off_minor += outcome.off_minor
    return Taken(spent, off_minor / len(requests))


def _beside_peers(timings: Timings, name: str) -> list[Figure]:
    """The house beside each peer, the faster first, with how many times as fast the house is; and
    what each takes off a basket, for they should do the same work.
    """
    ours = timings.seconds(HOUSE, name)
    peers = {who: timings.seconds(who, name) for who in (MEDUSA, OSCAR)}
    there = sorted((who for who in peers if peers[who]), key=lambda who: p50(peers[who]))
    beside: list[tuple[str, float | None]] = [
        (f"{who} {p50_p99(peers[who])}", p50(peers[who]) / p50(ours)) for who in there
    ]
    nobody: list[tuple[str, float | None]] = [("", None)]
    first, *others = beside or nobody
    offs = [timings.off(who, name) for who in (HOUSE, *there)]
    return [
        Figure(name, p50_p99(ours), *first, *_verdict(timings, name, first[1])),
        *(Figure("  the same", "", *each) for each in others),
        Figure("  off a basket, mean", offs[0], ", ".join(offs[1:])),
    ]


def _verdict(timings: Timings, name: str, ratio: float | None) -> tuple[str, bool | None]:
    """The aim of that scenario, and whether it is met; None where a peer is missing for that."""
    if name != SMALL:
        return f"p99 < {MOST_MS} ms", p99(timings.seconds(HOUSE, name)) * 1e3 < MOST_MS
    is_met = None if ratio is None or timings.missing else ratio >= TIMES
    return f">= {TIMES}x either", is_met


def main() -> None:
    """All scenarios for all sides, in one table."""
    print("\n".join(lines_of(measure(patient=True))))


if __name__ == "__main__":
    main()
