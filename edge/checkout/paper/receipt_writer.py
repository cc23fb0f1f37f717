"""A stored sale as the paper that the customer takes home."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from edge.checkout.balances.coupon_paper import coupon_elements
from edge.checkout.goods.barcode import is_ascii_digits, is_card_number
from edge.checkout.instant import ClockQuality, Instant
from edge.checkout.loyalty.member_views import told_pairs
from edge.checkout.money import write_amount, write_percent
from edge.checkout.paper.receipt import Align, Columns, Element, Feed, Qr, Receipt, Rule, Text
from edge.checkout.quantity import ONE_MILLI, write_quantity
from edge.checkout.records import EntryKind, Sale, SoldLine, TaxTotal, Tender, TenderKind, Unit
from edge.checkout.shop import Language, Shop
from edge.checkout.words.texts import Word, text
from edge.checkout.words.texts_payment import PaymentWord
from edge.checkout.words.texts_promotions import PromotionWord
from edge.checkout.words.texts_staff import StaffWord

RECEIPT_CODE_PREFIX = "ET1"
# What a code may say: no name that the screen can't show, no number that the store can't hold.
MAX_DEVICE_NAME, MAX_RECEIPT_DIGITS = 64, 12
NO_REWARDS: Final[Mapping[str, str]] = {}
TENDER_WORDS = {
    TenderKind.CASH: Word.CASH,
    TenderKind.CARD: Word.CARD,
    TenderKind.MOBILE: Word.MOBILE,
    TenderKind.VOUCHER: Word.VOUCHER,
    TenderKind.POINTS: Word.POINTS,
    TenderKind.STORED_VALUE: Word.STORED_VALUE,
    TenderKind.COUNT_CARD: Word.COUNT_CARD,
    TenderKind.WITHHELD: Word.WITHHELD,
}


def receipt_code(device: str, receipt_no: int) -> str:
    """What the receipt's QR code says, so that scanning it finds the sale."""
    return f"{RECEIPT_CODE_PREFIX}:{device}:{receipt_no}"


def read_receipt_code(code: str) -> tuple[str, int] | None:
    """The device and receipt number of a receipt's QR code, None when it is none."""
    prefix, _, rest = code.partition(":")
    device, _, number = rest.rpartition(":")
    if prefix != RECEIPT_CODE_PREFIX or not 0 < len(device) <= MAX_DEVICE_NAME:
        return None
    if not is_ascii_digits(number) or len(number) > MAX_RECEIPT_DIGITS or is_card_number(device):
        return None
    return device, int(number)


def write_time(at: Instant, shop: Shop) -> str:
    """The shop's own time to the minute, with a question mark when nobody set the clock."""
    doubt = "?" if at.quality is ClockQuality.UNSET else ""
    return _local(at, shop).strftime("%Y-%m-%d %H:%M") + doubt


def write_clock(at: Instant, shop: Shop) -> str:
    """The shop's own time of the day to the minute, likewise."""
    doubt = "?" if at.quality is ClockQuality.UNSET else ""
    return _local(at, shop).strftime("%H:%M") + doubt


def _local(at: Instant, shop: Shop) -> datetime:
    return datetime.fromtimestamp(at.utc_ms // 1000, UTC) + timedelta(
        minutes=shop.utc_offset_minutes
    )


def write_receipt(
    sale: Sale,
    sold_at: Instant,
    shop: Shop,
    *,
    copy: bool,
    served_by: str = "",
    rewards: Mapping[str, str] = NO_REWARDS,
) -> Receipt:
    """The receipt of a sale or refund, top to bottom; `served_by` as the shop shows its people,
    `rewards` are called so by their ids.
    """
    elements: list[Element] = [
        *((shop.logo,) if shop.logo else ()),
        Text(shop.name, Align.CENTRE, bold=True, large=True),
        *(Text(line, Align.CENTRE) for line in shop.header),
        *_marks(sale, shop, copy=copy),
        Columns(
            f"{_word(Word.RECEIPT_NO, shop)} {shop.device}-{sale.receipt_no}",
            write_time(sold_at, shop),
        ),
        *_original(sale, shop),
        *([Text(text(StaffWord.SERVED_BY, shop.language, served_by))] if served_by else []),
        Rule(),
    ]
    for line in sale.lines:
        elements += [*_line(line, shop), *_offs(line, sale, shop)]
    elements.append(Rule())
    elements += _sums(sale, shop, rewards)
    elements += _told(sale, shop)
    for coupon in sale.coupons:
        elements += coupon_elements(coupon, shop.language)
    elements.append(Feed())
    if sale.kind is EntryKind.SALE:
        elements += [Text(line, Align.CENTRE) for line in shop.footer]
    elements.append(Text(_word(Word.THANKS, shop), Align.CENTRE))
    if sale.kind is EntryKind.SALE:
        elements.append(Qr(receipt_code(shop.device, sale.receipt_no)))
    return Receipt(sale.receipt_no, copy, tuple(elements))


def _word(word: Word, shop: Shop, detail: str = "") -> str:
    return text(word, shop.language, detail)


def _marks(sale: Sale, shop: Shop, *, copy: bool) -> list[Element]:
    marks = []
    if sale.kind is EntryKind.REFUND:
        marks.append(Word.REFUND_RECEIPT)
    if copy:
        marks.append(Word.COPY)
    return [Text(_word(mark, shop), Align.CENTRE, bold=True, large=True) for mark in marks]


def _original(sale: Sale, shop: Shop) -> list[Element]:
    if not sale.of_receipt_no:
        return []
    return [Text(f"{_word(Word.OF_RECEIPT, shop)} {shop.device}-{sale.of_receipt_no}")]


def _line(line: SoldLine, shop: Shop) -> list[Element]:
    amount = write_amount(line.amount_minor + line.off_minor, shop.currency)
    elements: list[Element] = [Columns(line.name, f"{amount} {line.tax_code}")]
    price = write_amount(line.price_minor, shop.currency)
    overridden = line.price_minor != line.list_price_minor
    if line.quantity_milli != ONE_MILLI or line.unit is Unit.KG or overridden:
        unit = " kg" if line.unit is Unit.KG else ""
        how = f"  {write_quantity(line.quantity_milli)}{unit} × {price}"
        if overridden:
            list_price = write_amount(line.list_price_minor, shop.currency)
            how = f"{how} ({_word(Word.INSTEAD_OF, shop, list_price)})"
        elements.append(Text(how))
    return elements


def _offs(line: SoldLine, sale: Sale, shop: Shop) -> list[Element]:
    """What each discount took off the line; of one that comes back, what they took together."""
    offs = [
        (off.name, off_minor)
        for off in sale.offs
        for number, _, off_minor in off.parts
        if number == line.line
    ]
    if sale.kind is EntryKind.REFUND:
        offs = [(text(PromotionWord.DISCOUNT, shop.language), line.off_minor)]
    return [
        Columns(f"  {name}", f"-{write_amount(off_minor, shop.currency)}  ")
        for name, off_minor in offs
        if off_minor
    ]


def _sums(sale: Sale, shop: Shop, rewards: Mapping[str, str]) -> list[Element]:
    """What the goods come to, down to the sum that the customer pays or gets, and how."""
    lines_minor = sum(line.amount_minor for line in sale.lines)
    taxes = [Columns(_tax_name(tax, shop), _amount(tax.tax_minor, shop)) for tax in sale.taxes]
    tax_is_added = lines_minor != sale.total_minor
    elements: list[Element] = []
    if tax_is_added or sale.withheld:
        elements.append(Columns(_word(Word.SUBTOTAL, shop), _amount(lines_minor, shop)))
    if tax_is_added:
        elements += taxes
    for kept in sale.withheld:
        elements.append(
            Columns(tender_name(kept, shop.language), _amount(-kept.amount_minor, shop))
        )
    elements.append(
        Columns(
            _word(Word.GIVEN_BACK if sale.kind is EntryKind.REFUND else Word.TOTAL, shop),
            f"{shop.currency.sign}{_amount(sale.going_minor, shop)}",
            bold=True,
            large=True,
        )
    )
    if sale.kind is EntryKind.SALE and (off_minor := sum(off.off_minor for off in sale.offs)):
        elements.append(Columns(_word(Word.SAVED, shop), _amount(off_minor, shop)))
    elements += _payments(sale, shop, rewards)
    return elements if tax_is_added else [*elements, *taxes]


def _payments(sale: Sale, shop: Shop, rewards: Mapping[str, str]) -> list[Element]:
    elements: list[Element] = []
    for tender in (each for each in sale.tenders if each.kind is not TenderKind.WITHHELD):
        name = tender_name(tender, shop.language, rewards)
        elements.append(Columns(name, _amount(tender.tendered_minor, shop)))
        if sale.kind is EntryKind.REFUND and tender.kind is TenderKind.VOUCHER:
            elements.append(Text(f"  {text(PaymentWord.AS_A_VOUCHER, shop.language)}"))
    if sale.rounding_minor:
        elements.append(Columns(_word(Word.ROUNDING, shop), _amount(sale.rounding_minor, shop)))
    if sale.change_minor:
        elements.append(Columns(_word(Word.CHANGE, shop), _amount(sale.change_minor, shop)))
    return elements


def _amount(minor: int, shop: Shop) -> str:
    return write_amount(minor, shop.currency)


def _told(sale: Sale, shop: Shop) -> list[Element]:
    """What a customer is told of points and other balances."""
    pairs = told_pairs(sale, shop, shop.language)
    if not pairs:
        return []
    return [Rule(), *(Columns(left, right) for left, right in pairs)]


def _tax_name(tax: TaxTotal, shop: Shop) -> str:
    return f"{_word(Word.TAX, shop)} {tax.code} {write_percent(tax.rate_bp)}"


def tender_name(tender: Tender, language: Language, rewards: Mapping[str, str] = NO_REWARDS) -> str:
    """What a payment is called, with its reference; that of points is the reward's id, which is no
    name.
    """
    name, reference = text(TENDER_WORDS[tender.kind], language), tender.reference
    if tender.kind is TenderKind.POINTS:
        reference = rewards.get(reference, "")
    return f"{name} {reference}" if reference else name
