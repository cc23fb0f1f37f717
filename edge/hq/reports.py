"""Figures over what the tills reported."""

from typing import TypedDict

from sqlalchemy import Table, func, select, union
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from edge.hq.tables import REFUNDS, SALES


class MixedCurrenciesError(Exception):
    """The figures can't be summed: the text names the currencies, one of which must be chosen."""


class DeviceFigures(TypedDict):
    """Counts of receipts, and their totals in minor units, tax included, before cash rounding."""

    sales: int
    refunds: int
    sales_minor: int
    refunds_minor: int


class SalesReport(DeviceFigures):
    """The sums over all devices, and each device's own; no currency where nothing was sold."""

    currency: str
    devices: dict[str, DeviceFigures]


async def sales_report(engine: AsyncEngine, currency: str | None = None) -> SalesReport:
    """What was sold and given back, in the one currency that there is or in the one chosen. Raises
    MixedCurrenciesError.
    """
    async with engine.connect() as connection:
        chosen = currency or await _only_currency(connection)
        sales = await _sums(connection, SALES, chosen)
        refunds = await _sums(connection, REFUNDS, chosen)
    devices = {
        device: _figures(sales.get(device, (0, 0)), refunds.get(device, (0, 0)))
        for device in sorted(sales.keys() | refunds.keys())
    }
    return SalesReport(
        currency=chosen,
        sales=sum(figures["sales"] for figures in devices.values()),
        refunds=sum(figures["refunds"] for figures in devices.values()),
        sales_minor=sum(figures["sales_minor"] for figures in devices.values()),
        refunds_minor=sum(figures["refunds_minor"] for figures in devices.values()),
        devices=devices,
    )


async def _only_currency(connection: AsyncConnection) -> str:
    either = union(select(SALES.c.currency), select(REFUNDS.c.currency))
    currencies = sorted((await connection.scalars(either)).all())
    if len(currencies) > 1:
        raise MixedCurrenciesError(f"choose one of {', '.join(currencies)}")
    return currencies[0] if currencies else ""


async def _sums(
    connection: AsyncConnection, table: Table, currency: str
) -> dict[str, tuple[int, int]]:
    rows = await connection.execute(
        select(table.c.device, func.count().label("times"), func.sum(table.c.total_minor))
        .where(table.c.currency == currency)
        .group_by(table.c.device)
    )
    return {device: (times, int(minor)) for device, times, minor in rows}


def _figures(sales: tuple[int, int], refunds: tuple[int, int]) -> DeviceFigures:
    return DeviceFigures(
        sales=sales[0], refunds=refunds[0], sales_minor=sales[1], refunds_minor=refunds[1]
    )
