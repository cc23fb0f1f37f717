"""What a basket costs: line amounts, tax by rate, total, and what each unit was paid with."""

from dataclasses import replace

from edge.checkout.money import runs
from edge.checkout.quantity import amount_of, whole_units
from edge.checkout.records import EntryKind, Sale, SoldLine, TaxTotal, Tender
from edge.checkout.sale.basket import Basket, BasketKind, Line
from edge.checkout.sale.returns import covered, pieces_left
from edge.checkout.sale.tax import line_taxes, tax_totals
from edge.checkout.shop import Shop, TaxMode, product_name

ENTRY_KINDS = {BasketKind.SALE: EntryKind.SALE, BasketKind.RETURN: EntryKind.REFUND}


def line_amount(line: Line) -> int:
    """The line at the price charged, before discounts and before any tax that is added."""
    return amount_of(line.price_minor, line.quantity_milli)


def line_amounts(basket: Basket) -> list[tuple[str, int]]:
    """Each line's tax code, and its amount after discounts."""
    off = basket.deal.off_by_line
    return [
        (line.product.tax_code, line_amount(line) - off.get(line.number, 0))
        for line in basket.lines
    ]


def basket_taxes(basket: Basket, shop: Shop) -> tuple[TaxTotal, ...]:
    return tax_totals(line_amounts(basket), shop.tax_rates, shop.tax_mode)


def basket_total(basket: Basket, shop: Shop) -> int:
    """What is to be paid, tax included, before payments and cash rounding."""
    if shop.tax_mode is TaxMode.INCLUDED:
        return sum(map(line_amount, basket.lines)) - sum(basket.deal.off_by_line.values())
    return sum(tax.gross_minor for tax in basket_taxes(basket, shop))


def is_taxable(basket: Basket, shop: Shop) -> bool:
    """Whether the shop has a rate for everything in the basket."""
    return all(line.product.tax_code in shop.tax_rates for line in basket.lines)


def paid_so_far(basket: Basket) -> int:
    return sum(tender.amount_minor for tender in basket.tenders)


def finish(basket: Basket, shop: Shop) -> Sale:
    """The sale (or refund without a receipt) that the basket has become, with its payments."""
    assert all(
        min(tender.amount_minor, tender.tendered_minor, tender.change_minor) >= 0
        for tender in basket.tenders
    ), "a payment below nothing"
    amounts = line_amounts(basket)
    taxes = tax_totals(amounts, shop.tax_rates, shop.tax_mode)
    total_minor = sum(tax.gross_minor for tax in taxes)
    lines = tuple(
        _sold_line(line, basket.off_minor(line), tax_minor, shop)
        for line, tax_minor in zip(basket.lines, line_taxes(amounts, taxes), strict=True)
    )
    came_in = sum(tender.tendered_minor - tender.change_minor for tender in basket.tenders)
    return Sale(
        kind=ENTRY_KINDS[basket.kind],
        receipt_no=basket.receipt_no,
        currency=shop.currency.code,
        lines=lines,
        taxes=taxes,
        total_minor=total_minor,
        rounding_minor=came_in - total_minor,
        tenders=basket.tenders,
        offs=basket.deal.offs,
        member=basket.buyer.member if basket.buyer else "",
    )


def worth_what_it_covers(basket: Basket, shop: Shop) -> Basket:
    """The basket whose payments for pieces of their own settle what those cost by now: a visit pays
    for its service, whatever else comes into the basket and changes its price.
    """
    if not any(tender.covers for tender in basket.tenders):
        return basket
    sale = finish(basket, shop)
    whole = pieces_left(sale, {})
    return replace(
        basket,
        tenders=tuple(
            _settling(tender, covered(sale, tender, whole)[1]) if tender.covers else tender
            for tender in basket.tenders
        ),
    )


def _settling(tender: Tender, minor: int) -> Tender:
    return replace(tender, amount_minor=minor, tendered_minor=minor)


def _sold_line(line: Line, off_minor: int, tax_minor: int, shop: Shop) -> SoldLine:
    amount_minor = line_amount(line) - off_minor
    paid_minor = amount_minor + (tax_minor if shop.tax_mode is TaxMode.EXCLUDED else 0)
    return SoldLine(
        line=line.number,
        plu=line.product.plu,
        code=line.code,
        name=product_name(line.product, shop.language),
        unit=line.product.unit,
        quantity_milli=line.quantity_milli,
        price_minor=line.price_minor,
        list_price_minor=line.product.price_minor,
        amount_minor=amount_minor,
        tax_code=line.product.tax_code,
        tax_rate_bp=shop.tax_rates[line.product.tax_code].rate_bp,
        tax_minor=tax_minor,
        paid=runs(paid_minor, whole_units(line.quantity_milli, line.product.unit)),
        off_minor=off_minor,
        staff=line.staff,
        deposit_of=line.of_line,
        pack=line.pack,
    )
