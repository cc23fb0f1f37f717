"""From keyed digits to a list of products, against a bare loop over the names."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from statistics import median

from shop import SEED
from table import Figure

from edge.checkout.goods.catalogue import Catalogue
from edge.checkout.goods.search import ON_KEYS, search

ROUNDS = 5
WORDS = 40
AIM_MS = 20.0


def measure(catalogue: Catalogue) -> list[Figure]:
    """Beginnings of words of random names, as keyed, and as many that nothing has: those take the
    longest, for everything is looked through.
    """
    products = list({product.plu: product for product in catalogue.by_code.values()}.values())
    random = Random(SEED)
    keyed: list[str] = []
    while len(keyed) < WORDS:
        words = [each for each in random.choice(products).name_en.casefold().split() if each]
        word = random.choice(words) if words else ""
        if word.isascii() and word.isalpha():
            keyed.append(word[: random.randint(2, 6)].translate(ON_KEYS))
    keyed += [str(random.randrange(10**9, 10**10)) for _ in range(WORDS // 4)]

    def bare(text: str) -> None:
        for product in products:
            if product.name_en.startswith(text):
                return

    ours = [_ms(partial(search, catalogue, text)) for text in keyed]
    loop = [_ms(partial(bare, text)) for text in keyed]
    worst, worst_loop = max(ours), max(loop)
    return [
        Figure(
            "search by keyed digits, the slowest",
            f"{worst:.1f} ms",
            f"bare loop {worst_loop:.1f} ms",
            worst / worst_loop,
            "< 20 ms",
            worst < AIM_MS,
        ),
        Figure(
            "  the usual one",
            f"{median(ours):.1f} ms",
            f"bare loop {median(loop):.1f} ms",
            median(ours) / median(loop),
        ),
    ]


def _ms(work: Callable[[], object]) -> float:
    """The median of some rounds."""
    taken: Sequence[float] = [_once(work) for _ in range(ROUNDS)]
    return median(taken)


def _once(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1e3
