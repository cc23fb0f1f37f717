"""The shop's products from their file: put in force whole, or refused whole."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import structlog

from edge.checkout.goods.barcode import canonical
from edge.checkout.goods.catalogue import Catalogue
from edge.checkout.shop import Shop
from edge.ports import CatalogueRefused, Clock
from edge.settings import Settings, SettingsRefused
from edge.shop_file import check_file, old_ones_stay, version_of
from edge.store.catalogue_cache import Article
from edge.store.catalogue_file import read_catalogue
from edge.store.till_store import TillStore

# With the columns and the initials that edge.store.catalogue_file takes from a file, and codes as
# edge.checkout.goods.barcode keeps them.
READ_AS: Final = b"3\n"


async def load_catalogue(store: TillStore, path: Path, clock: Clock, shop: Shop) -> None:
    """Put the file's products in force, unless they are already. A file that is refused leaves the
    old ones in force and says why in the log.
    """
    log = structlog.get_logger("edge.catalogue")
    with old_ones_stay(log, "catalogue_refused", OSError, CatalogueRefused, SettingsRefused):
        version = await asyncio.to_thread(_file_version, path)
        if version != store.catalogue().version:
            articles = await asyncio.to_thread(_read_articles, path, shop)
            await store.replace_catalogue(articles, version, clock.now())


def _file_version(path: Path) -> str:
    """Another one for software that reads more from the same file."""
    return version_of(READ_AS + path.read_bytes())


def _read_articles(path: Path, shop: Shop) -> Sequence[Article]:
    articles = read_catalogue(path, canonicalise=canonical)
    refuse_unknown_taxes({article.product.tax_code for article in articles}, shop, str(path))
    return articles


def check_catalogue(settings: Settings) -> Sequence[Article] | None:
    """What the settings name, None where that is nothing. Raises SettingsRefused when it would be
    refused.
    """
    read = partial(_read_articles, shop=settings.shop_facts())
    return check_file(settings.shop.catalogue, read, CatalogueRefused)


def check_tax_codes(catalogue: Catalogue, shop: Shop) -> None:
    """Raises SettingsRefused when something that is for sale has a tax code without a rate. An
    open basket that has one does not keep the till from starting: the core gives it up.
    """
    codes = {product.tax_code for product in catalogue.by_code.values()}
    refuse_unknown_taxes(codes, shop, "the catalogue in the store")


def refuse_unknown_taxes(codes: set[str], shop: Shop, where: str) -> None:
    rates: Mapping[str, object] = shop.tax_rates
    unknown = sorted(codes - rates.keys())
    if unknown:
        raise SettingsRefused(
            [f"{where}: tax code {code!r} has no rate in shop.taxes" for code in unknown]
        )
