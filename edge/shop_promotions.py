"""The shop's promotions from their file: put in force whole, or refused whole."""

import asyncio
from pathlib import Path

import structlog

from edge.ports import Clock
from edge.price.promotions import Promotion
from edge.price.reading import PriceRefused, parse_promotions, read_bytes
from edge.settings import Settings
from edge.shop_file import check_file, old_ones_stay, version_of
from edge.store.till_store import TillStore


async def load_promotions(store: TillStore, settings: Settings, clock: Clock) -> None:
    """Put the file's promotions in force, unless they are already, and beside them what the
    settings give to members and for coupons. A file that is refused leaves the old ones in force
    and says why in the log.
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


def check_promotions(settings: Settings) -> tuple[Promotion, ...] | None:
    """What the settings name, None where that is nothing. Raises SettingsRefused when it would be
    refused.
    """
    return check_file(settings.shop.promotions, _read, PriceRefused)


def _read(path: Path) -> tuple[Promotion, ...]:
    return parse_promotions(read_bytes(path), str(path))
