"""The shop's promotions from their file: put in force whole, or refused whole."""

import asyncio
from typing import Final

import structlog

from edge.checkout.goods.catalogue import Catalogue
from edge.checkout.promotions.offers import Named, named_goods
from edge.checkout.promotions.promotion_set import PromotionSet
from edge.ports import Clock
from edge.price.reading import PriceRefused, parse_promotions, read_bytes
from edge.settings import Settings, SettingsRefused
from edge.shop_file import old_ones_stay, version_of
from edge.store.till_store import TillStore

# Names in one line of the log: whoever mistyped a category finds it by a few.
LISTED_NAMES: Final = 20


async def load_promotions(store: TillStore, settings: Settings, clock: Clock) -> None:
    """Put the file's promotions in force, unless they are already, and beside them what the
    settings give to members and for coupons. A file that is refused leaves the old ones in force
    and says why in the log; goods that no product is are worth a line there.
    """
    desk = store.promotions()
    desk.use_campaigns(settings.loyalty.promotions if settings.loyalty else ())
    log = structlog.get_logger("edge.promotions")
    path = settings.shop.promotions
    if path is not None:
        with old_ones_stay(log, "promotions_refused", PriceRefused):
            content = await asyncio.to_thread(read_bytes, path)
            version = version_of(content)
            if version != desk.offers().version:
                promotions = await asyncio.to_thread(parse_promotions, content, str(path))
                await desk.replace(promotions, version, clock.now())
    unknown = unknown_goods(desk.offers().promotions, store.catalogue())
    if unknown != Named():
        log.warning(
            "promotions_name_no_product",
            products=sorted(unknown.plus)[:LISTED_NAMES],
            categories=sorted(unknown.categories)[:LISTED_NAMES],
            tags=sorted(unknown.tags)[:LISTED_NAMES],
        )


def unknown_goods(promotions: PromotionSet, catalogue: Catalogue) -> Named:
    """What promotions name and no product is."""
    named = named_goods(promotions)
    if named == Named():
        return named
    plus: set[str] = set()
    categories: set[str] = set()
    tags: set[str] = set()
    for product in catalogue.by_code.values():
        plus.add(product.plu)
        categories |= product.categories
        tags |= product.tags
    return Named(named.plus - plus, named.categories - categories, named.tags - tags)


def check_promotions(settings: Settings) -> None:
    """Raises SettingsRefused when the settings name promotions that would be refused."""
    path = settings.shop.promotions
    if path is None:
        return
    try:
        parse_promotions(read_bytes(path), str(path))
    except PriceRefused as error:
        raise SettingsRefused(list(error.lines)) from error
