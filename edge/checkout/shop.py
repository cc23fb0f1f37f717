"""What a shop has settled for its tills: money, taxes, labels, words and limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from edge.checkout.devices import Kind, TillDevice
from edge.checkout.goods.barcode import LabelLayout
from edge.checkout.goods.catalogue import Product
from edge.checkout.money import Currency
from edge.checkout.paper.receipt import Picture
from edge.checkout.payments.payment_policy import USUAL_PATIENCE, Patience
from edge.checkout.shifts.drawer_watch import USUAL_DRAWER, DrawerRules
from edge.checkout.shifts.shift import NO_SHIFT_RULES, ShiftRules


class Language(StrEnum):
    ENGLISH = "en"
    CHINESE = "zh"


class TaxMode(StrEnum):
    """Whether shelf prices hold the tax already."""

    INCLUDED = "included"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A rate by its code in the catalogue, in basis points."""

    code: str
    rate_bp: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What one basket may hold, and why.

    `max_lines`: a sale's record must fit a message of the uplink. `max_quantity_milli` and
    `max_price_minor`: a slip of the finger (a barcode keyed as a quantity) must not become a sale.
    `max_change_minor`: likewise a barcode keyed as cash; who pays with notes gets less back.
    `max_moved_minor`: likewise a barcode keyed as cash paid in or out; a day's takings are less.
    `max_changes` (voids, corrections, overrides) and `max_tenders`: the records of one basket are
    written in one transaction, and its payments stand in one record.
    `max_discount_bp` by hand, of what it would cost: more is a favour, which somebody else allows.
    `max_held`: sales set aside; more than a queue has customers who forgot something.
    `max_deferred`: scans that may wait while a sale is being stored; more than a cashier can do.
    """

    max_lines: int = 500
    max_quantity_milli: int = 9_999_000
    max_price_minor: int = 9_999_999
    max_change_minor: int = 999_999
    max_moved_minor: int = 9_999_999
    max_changes: int = 500
    max_tenders: int = 20
    max_deferred: int = 32
    max_discount_bp: int = 3_000
    max_held: int = 20


@dataclass(frozen=True, slots=True)
class Shop:
    """One shop's settings as the core needs them. `cash_step_minor` is the smallest cash amount
    (1 where cash is not rounded); `minor_first` says that keyed digits are minor units.
    `screen_qr` shows customers their codes on the cashier's screen, to be photographed.
    `payment_terminal` is the device that takes payments by code, empty where there is none;
    `payment_is_keyed` says that it has no wire, and the cashier keys what it says;
    `refuses_after_best` says that goods past their best-before date aren't sold; `has_uplink`
    that there is a headquarters to be offline from.
    """

    name: str
    device: str
    currency: Currency
    tax_mode: TaxMode
    tax_rates: Mapping[str, TaxRate]
    labels: tuple[LabelLayout, ...] = ()
    language: Language = Language.ENGLISH
    header: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    logo: Picture | None = None
    training: bool = False
    cash_step_minor: int = 1
    minor_first: bool = True
    screen_qr: bool = False
    utc_offset_minutes: int = 0
    limits: Limits = Limits()
    shift: ShiftRules = NO_SHIFT_RULES
    drawer: DrawerRules = USUAL_DRAWER
    payment_terminal: str = ""
    payment_is_keyed: bool = False
    refuses_after_best: bool = False
    devices: tuple[TillDevice, ...] = ()
    has_uplink: bool = True
    patience: Patience = USUAL_PATIENCE


def has_device(shop: Shop, kind: Kind) -> bool:
    """Whether the settings name one of that kind. What they don't name is never asked for."""
    return any(device.kind is kind for device in shop.devices)


def in_language(language: Language, english: str, chinese: str) -> str:
    """The name in that language, else in the other one."""
    return (chinese or english) if language is Language.CHINESE else (english or chinese)


def product_name(product: Product, language: Language) -> str:
    return in_language(language, product.name_en, product.name_zh)
