"""Figures over what the tills reported."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from typing import Final, TypedDict

from sqlalchemy import Table, func, select, union
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from edge.hq.tables import REFUNDS, SALES


class MixedCurrenciesError(Exception):
    """The figures can't be summed: the text names the currencies, one of which must be chosen."""


class DeviceFigures(TypedDict):
    """Counts of receipts, and their totals in minor units, tax included, before cash rounding.
    Turnover, prepaid sold and deposits, less what was given back, are the sales less the refunds;
    the bonus came on top of what was paid, and what is spent went off accounts, whatever it paid.
    """

    sales: int
    refunds: int
    sales_minor: int
    refunds_minor: int
    turnover_minor: int
    prepaid_sold_minor: int
    prepaid_bonus_minor: int
    prepaid_spent_minor: int
    deposits_taken_minor: int
    deposits_returned_minor: int


class SalesReport(DeviceFigures):
    """The sums over all devices, and each device's own; no currency where nothing was sold."""

    currency: str
    devices: dict[str, DeviceFigures]


@dataclass(frozen=True, slots=True)
class _Trade:
    """The sums of sales, or of refunds: what of `total_minor` is no turnover, and the rest of what
    headquarters keeps of each.
    """

    times: int = 0
    total_minor: int = 0
    prepaid_minor: int = 0
    bonus_minor: int = 0
    deposit_minor: int = 0
    spent_minor: int = 0

    @property
    def goods_minor(self) -> int:
        return self.total_minor - self.prepaid_minor - self.deposit_minor


_SUMMED: Final = tuple(field.name for field in fields(_Trade) if field.name != "times")
NOTHING: Final = _Trade()


async def sales_report(engine: AsyncEngine, currency: str | None = None) -> SalesReport:
    """What was sold and given back, in the one currency that there is or in the one chosen. Raises
    MixedCurrenciesError.
    """
    async with engine.connect() as connection:
        chosen = currency or await _only_currency(connection)
        sales = await _sums(connection, SALES, chosen)
        refunds = await _sums(connection, REFUNDS, chosen)
    devices = {
        device: _figures(sales.get(device, NOTHING), refunds.get(device, NOTHING))
        for device in sorted(sales.keys() | refunds.keys())
    }
    in_all = _figures(_sum(sales.values()), _sum(refunds.values()))
    return {**in_all, "currency": chosen, "devices": devices}


async def _only_currency(connection: AsyncConnection) -> str:
    either = union(select(SALES.c.currency), select(REFUNDS.c.currency))
    currencies = sorted((await connection.scalars(either)).all())
    if len(currencies) > 1:
        raise MixedCurrenciesError(f"choose one of {', '.join(currencies)}")
    return currencies[0] if currencies else ""


async def _sums(connection: AsyncConnection, table: Table, currency: str) -> dict[str, _Trade]:
    columns = (table.c[name] for name in _SUMMED)
    rows = await connection.execute(
        select(table.c.device, func.count(), *map(func.sum, columns))
        .where(table.c.currency == currency)
        .group_by(table.c.device)
    )
    return {device: _Trade(times, *map(int, sums)) for device, times, *sums in rows}


def _sum(trades: Iterable[_Trade]) -> _Trade:
    return _Trade(*map(sum, zip(*map(astuple, trades), strict=True)))


def _figures(sales: _Trade, refunds: _Trade) -> DeviceFigures:
    return DeviceFigures(
        sales=sales.times,
        refunds=refunds.times,
        sales_minor=sales.total_minor,
        refunds_minor=refunds.total_minor,
        turnover_minor=sales.goods_minor - refunds.goods_minor,
        prepaid_sold_minor=sales.prepaid_minor - refunds.prepaid_minor,
        prepaid_bonus_minor=sales.bonus_minor - refunds.bonus_minor,
        prepaid_spent_minor=sales.spent_minor - refunds.spent_minor,
        deposits_taken_minor=sales.deposit_minor,
        deposits_returned_minor=refunds.deposit_minor,
    )


# Of a device that has not sold anything.
NO_FIGURES: Final = _figures(NOTHING, NOTHING)
