"""The promotions' side of the store: those in force, and how often each was used."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from edge.checkout.instant import Instant
from edge.checkout.promotions.offers import Offer, Offers, compile_offers
from edge.checkout.promotions.uses import MemberUses, PromotionUses
from edge.checkout.records import Entry, EntryKind
from edge.price.promotions import Promotion
from edge.store import promotion_cache, promotion_uses
from edge.store.promotion_cache import Listed
from edge.store.recording import record
from edge.store.writer import Writer


@dataclass(frozen=True, slots=True)
class OpenedPromotions:
    """What a store held of promotions when it was opened."""

    listed: Listed
    uses: PromotionUses


def opened_promotions(
    conn: sqlite3.Connection, newest_utc_ms: int, utc_offset_minutes: int
) -> OpenedPromotions:
    uses = promotion_uses.load(conn, newest_utc_ms, utc_offset_minutes)
    return OpenedPromotions(promotion_cache.load(conn), uses)


class PromotionDesk:
    """Promotions and their uses in memory, over the store's one writer. The shop's civil days are
    `utc_offset_minutes` from UTC.
    """

    def __init__(self, writer: Writer, opened: OpenedPromotions, utc_offset_minutes: int) -> None:
        self._writer = writer
        self._listed = opened.listed
        self._uses = opened.uses
        self._utc_offset_minutes = utc_offset_minutes
        self._campaigns: tuple[Offer, ...] = ()
        self._offers = self._compiled(opened.listed)

    def offers(self) -> Offers:
        """The promotions in force: the listed ones, and those of the campaigns."""
        return self._offers

    def uses(self) -> PromotionUses:
        """What sales used before, at this till."""
        return self._uses

    def use_campaigns(self, campaigns: Sequence[Offer]) -> None:
        """Put what the till's settings give beside what is listed, in place of what they gave."""
        self._campaigns = tuple(campaigns)
        self._offers = self._compiled(self._listed)

    async def replace(self, promotions: Sequence[Promotion], version: str, at: Instant) -> Offers:
        """Put a whole list in force, on record, on disk and in memory; returns it, with the
        campaigns. Raises ValueError for ids that are not unique, with the old list still in force.
        """
        listed = Listed(version, tuple(promotions))
        offers = self._compiled(listed)

        def work(conn: sqlite3.Connection) -> None:
            record(conn, at, [promotion_cache.loaded_entry(listed)])
            promotion_cache.write(conn, listed)
            # Here, so that a caller who was cancelled leaves memory and disk alike.
            self._listed, self._offers = listed, offers

        await self._writer.submit(work)
        return offers

    async def of_member(self, member: str, day: date) -> Mapping[str, MemberUses]:
        """What the member used at this till, in all and on that day of the shop's."""
        return await self._writer.submit(
            partial(
                promotion_uses.of_member,
                member=member,
                day=day,
                utc_offset_minutes=self._utc_offset_minutes,
            )
        )

    def count(self, entries: Sequence[Entry], at: Instant) -> None:
        """Count what the entries of a commit used: within its transaction, as the tables do."""
        day = promotion_uses.civil_day(at.utc_ms, self._utc_offset_minutes)
        for entry in entries:
            if entry.kind is EntryKind.SALE:
                self._uses = self._uses.with_sale(day, promotion_uses.uses_of(entry.body))

    def _compiled(self, listed: Listed) -> Offers:
        own = (promotion.offer() for promotion in listed.promotions)
        return compile_offers(listed.version, (*own, *self._campaigns))
