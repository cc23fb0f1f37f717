"""edge.toml as frozen settings, and every error in it as one line with file and key."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from edge.checkout.devices import Kind
from edge.checkout.goods.barcode import EmbeddedKind, LabelLayout
from edge.checkout.money import CURRENCIES
from edge.checkout.paper.width import wrap
from edge.checkout.screens import CUSTOMER_COLUMNS, CUSTOMER_LINES
from edge.checkout.shifts.drawer_watch import DrawerRules
from edge.checkout.shifts.shift import ShiftRules
from edge.checkout.shop import Language, Limits, Shop, TaxMode, TaxRate, has_device
from edge.drivers.keys.keypad_evdev import KeypadEvdevSettings
from edge.drivers.payments.payment_gateway import PaymentGatewaySettings
from edge.drivers.payments.payment_manual import PaymentManualSettings
from edge.drivers.payments.payment_simulated import PaymentSimulatedSettings
from edge.drivers.printers.drawer_printer import DrawerPrinterSettings
from edge.drivers.printers.printer_settings import PrinterModel
from edge.drivers.registry import DeviceSettings, till_devices
from edge.drivers.settings import DeviceModel, alike, shared_place
from edge.payment_settings import PaymentSettings
from edge.settings_errors import LONGEST_SHOWN, lines, toml_lines
from edge.store.loyalty_settings import LoyaltySettings
from edge.uplink.settings import UplinkSettings
from edge.wire.topics import DEVICE_ID

# Who takes cash and gives change has the drawer open for longer, and is not to be warned of it.
LEAST_WARN_AFTER_MS = 5_000
LABEL = re.compile(r"2[0-9]I{3,6}P?V{4,6}C")
EAN13_DIGITS = 13
LABEL_WANTED = (
    "is not the 13 signs of a label, such as 21IIIIIVVVVVC: 2 and a digit, 3 to 6 I for the item,"
    " P or not, 4 to 6 V for the value, C"
)
# Every zone that is in use is whole quarters of an hour from UTC.
ZONE_STEP_MINUTES = 15
# The widest receipt printers have 64 columns in their small font.
PaperLine = Annotated[str, Field(max_length=64)]


class SettingsRefused(Exception):  # noqa: N818 - a refusal, as the house calls it
    """The settings can't be used; each line names file, key and reason."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class TaxSettings(Model):
    """One rate; `code` is what the catalogue says, `rate_bp` hundredths of a percent."""

    code: str = Field(pattern=r"^[A-Z0-9]{1,4}$")
    rate_bp: int = Field(ge=0, le=10_000)


class LabelSettings(Model):
    """How the scales write an in-store EAN-13, such as `21IIIIIVVVVVC`."""

    layout: str
    kind: Annotated[EmbeddedKind, Field(strict=False)]

    @field_validator("layout")
    @classmethod
    def _is_an_ean13(cls, layout: str) -> str:
        if len(layout) != EAN13_DIGITS or not LABEL.fullmatch(layout):
            raise ValueError(f"{layout[:LONGEST_SHOWN]!r} {LABEL_WANTED}")
        return layout


class LimitSettings(Model):
    """The core's limits; `edge.checkout.shop.Limits` gives the reasons. `inbox` inputs may wait:
    six seconds of a scanner that reads ten codes a second.
    """

    # A wholesaler's; edge.checkout.sale.room stops a sale before its record is too large to send.
    max_lines: int = Field(default=500, ge=1, le=900)
    max_quantity_milli: int = Field(default=9_999_000, ge=1_000, le=999_999_000)
    max_price_minor: int = Field(default=9_999_999, ge=1, le=999_999_999)
    max_change_minor: int = Field(default=999_999, ge=1, le=999_999_999)
    max_moved_minor: int = Field(default=9_999_999, ge=1, le=999_999_999)
    max_changes: int = Field(default=500, ge=1, le=1_000)
    max_tenders: int = Field(default=20, ge=1, le=40)
    max_deferred: int = Field(default=32, ge=1, le=256)
    max_discount_bp: int = Field(default=3_000, ge=0, le=10_000)
    max_held: int = Field(default=20, ge=1, le=99)
    inbox: int = Field(default=64, ge=16, le=1_024)


class ShopSettings(Model):
    """The shop, its money and its words."""

    name: str = Field(min_length=1, max_length=40)
    currency: str
    language: Annotated[Language, Field(strict=False)] = Language.ENGLISH
    tax_mode: Annotated[TaxMode, Field(strict=False)] = TaxMode.INCLUDED
    taxes: tuple[TaxSettings, ...] = Field(min_length=1, max_length=16, strict=False)
    labels: tuple[LabelSettings, ...] = Field(default=(), max_length=10, strict=False)
    header: tuple[PaperLine, ...] = Field(default=(), max_length=6, strict=False)
    footer: tuple[PaperLine, ...] = Field(default=(), max_length=6, strict=False)
    logo: Path | None = Field(default=None, strict=False)
    # More than a customer who waits reads; each fits the customer's display at once.
    idle: tuple[Annotated[str, Field(min_length=1, max_length=40)], ...] = Field(
        default=(), max_length=8, strict=False
    )
    cash_step_minor: int = Field(default=1, ge=1, le=100)
    keyed_amounts: Literal["minor", "major"] = "minor"
    screen_qr: bool = False
    utc_offset_minutes: int = Field(default=0, ge=-720, le=840)
    # Past its date of best quality: in the European Union it may be sold when the buyer is told, in
    # mainland China it may not.
    best_before: Literal["tell", "refuse"] = "tell"
    catalogue: Path | None = Field(default=None, strict=False)
    promotions: Path | None = Field(default=None, strict=False)
    staff: Path | None = Field(default=None, strict=False)

    @field_validator("currency")
    @classmethod
    def _known(cls, currency: str) -> str:
        if currency not in CURRENCIES:
            raise ValueError(f"{currency!r} is none of {', '.join(CURRENCIES)}")
        return currency

    @field_validator("utc_offset_minutes")
    @classmethod
    def _is_a_zone(cls, minutes: int) -> int:
        if minutes % ZONE_STEP_MINUTES:
            raise ValueError(f"{minutes} is no zone: minutes, not hours; UTC+8 is 480")
        return minutes

    @field_validator("idle")
    @classmethod
    def _fits_the_display(cls, idle: tuple[str, ...]) -> tuple[str, ...]:
        for message in idle:
            if not message.isprintable() or len(wrap(message, CUSTOMER_COLUMNS)) > CUSTOMER_LINES:
                raise ValueError(f"{message!r} does not fit into 2 lines of 20 columns")
        return idle

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        for name, keys in (
            ("taxes", [tax.code for tax in self.taxes]),
            ("labels", [label.layout[:2] for label in self.labels]),
        ):
            twice = {key for key in keys if keys.count(key) > 1}
            if twice:
                raise ValueError(f"{name} name {', '.join(sorted(twice))} twice")
        return self


class DeviceIdentity(Model):
    """The box: its id is also the common name of its certificate."""

    id: str = Field(pattern=f"^{DEVICE_ID.pattern}$")


class StoreSettings(Model):
    """Where the journal lives. `draft_interval_ms`: at most this much scanning is lost in a power
    cut; half a second leaves the other half of the promised one to the disk.
    """

    path: Path = Field(strict=False)
    draft_interval_ms: int = Field(default=500, ge=50, le=900)


class ShiftSettings(Model):
    """How the shop works in shifts; `edge.checkout.shifts.shift.ShiftRules` gives the reasons."""

    required: bool = False
    max_float_minor: int = Field(default=9_999_999, ge=0, le=999_999_999)
    # More notes and coins than any currency has.
    denominations: tuple[Annotated[int, Field(ge=1, le=100_000_000)], ...] = Field(
        default=(), max_length=24, strict=False
    )

    @field_validator("denominations")
    @classmethod
    def _each_once(cls, denominations: tuple[int, ...]) -> tuple[int, ...]:
        if len(set(denominations)) < len(denominations):
            raise ValueError("names a face twice")
        return tuple(sorted(denominations, reverse=True))


class DrawerSettings(Model):
    """How patient the till is with its drawer; `edge.checkout.shifts.drawer_watch.DrawerRules` says
    why.
    """

    warn_after_ms: int = Field(default=30_000, ge=0, le=3_600_000)

    @field_validator("warn_after_ms")
    @classmethod
    def _longer_than_a_sale(cls, warn_after_ms: int) -> int:
        if 0 < warn_after_ms < LEAST_WARN_AFTER_MS:
            raise ValueError(
                f"at least {LEAST_WARN_AFTER_MS}: giving change takes that long; 0 warns of none"
            )
        return warn_after_ms


class Settings(Model):
    """All of edge.toml."""

    device: DeviceIdentity
    shop: ShopSettings
    store: StoreSettings
    uplink: UplinkSettings | None = None
    limits: LimitSettings = LimitSettings()
    shift: ShiftSettings = ShiftSettings()
    drawer: DrawerSettings = DrawerSettings()
    loyalty: LoyaltySettings | None = None
    payments: PaymentSettings = PaymentSettings()
    devices: tuple[DeviceSettings, ...] = Field(default=(), max_length=32, strict=False)

    @field_validator("devices")
    @classmethod
    def _fit_together(cls, devices: tuple[DeviceSettings, ...]) -> tuple[DeviceSettings, ...]:
        names = [device.name for device in devices]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two have the same name: {', '.join(twice)}")
        printers = {device.name for device in devices if isinstance(device, PrinterModel)}
        for device in devices:
            if isinstance(device, DrawerPrinterSettings) and device.printer not in printers:
                raise ValueError(f"{device.name}: no ESC/POS printer is called {device.printer!r}")
        if shared := shared_place(devices):
            place, *both = shared
            raise ValueError(f"{' and '.join(both)} can't both have {place}")
        if confused := alike(devices):
            raise ValueError(
                f"one USB device may be {' and '.join(confused)}; name serial numbers, ports or"
                " interfaces"
            )
        return devices

    def shop_facts(self) -> Shop:
        """The shop as the core knows it."""
        shop, terminal = self.shop, self._payment_terminal()
        return Shop(
            name=shop.name,
            device=self.device.id,
            currency=CURRENCIES[shop.currency],
            tax_mode=shop.tax_mode,
            tax_rates={tax.code: TaxRate(tax.code, tax.rate_bp) for tax in shop.taxes},
            labels=tuple(LabelLayout(label.layout, label.kind) for label in shop.labels),
            language=shop.language,
            header=shop.header,
            footer=shop.footer,
            cash_step_minor=shop.cash_step_minor,
            minor_first=shop.keyed_amounts == "minor",
            screen_qr=shop.screen_qr,
            utc_offset_minutes=shop.utc_offset_minutes,
            limits=Limits(**self.limits.model_dump(exclude={"inbox"})),
            refuses_after_best=self.shop.best_before == "refuse",
            shift=ShiftRules(**self.shift.model_dump()),
            drawer=DrawerRules(**self.drawer.model_dump()),
            payment_terminal=terminal.name if terminal is not None else "",
            payment_is_keyed=isinstance(terminal, PaymentManualSettings),
            devices=till_devices(self.devices),
            has_uplink=self.uplink is not None,
            patience=self.payments.patience,
        )

    def _payment_terminal(self) -> DeviceModel | None:
        """The first payment terminal, which is the one that MOBILE pays with."""
        kinds = PaymentGatewaySettings | PaymentManualSettings | PaymentSimulatedSettings
        return next((each for each in self.devices if isinstance(each, kinds)), None)


def device_warnings(settings: Settings) -> list[str]:
    """What the settings may have forgotten: a till sells without, and says nothing of it later."""
    shop = settings.shop_facts()
    without = {Kind.PRINTER: "nothing is printed", Kind.DRAWER: "it opens with its key alone"}
    return [
        f"devices: no {kind.value}: {what}"
        for kind, what in without.items()
        if not has_device(shop, kind)
    ]


def read_settings(path: Path) -> Settings:
    """The settings in the file; relative paths in it are relative to it. Raises SettingsRefused."""
    text = ""
    try:
        text = path.read_text(encoding="utf-8")
        raw = tomllib.loads(text)
    except OSError as error:
        raise SettingsRefused([f"{path}: can't be read: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        raise SettingsRefused([f"{path}: is not UTF-8 at byte {error.start}"]) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsRefused(toml_lines(path, error, text)) from error
    except (ValueError, RecursionError):
        # Python refuses numbers of thousands of digits, and gives up a thousand brackets deep.
        raise SettingsRefused([f"{path}: a number too long, or brackets too deep"]) from None
    return settings_from(raw, path)


def settings_from(raw: Mapping[str, Any], path: Path) -> Settings:
    """The settings of a parsed file. Raises SettingsRefused with a line for each error."""
    try:
        settings = Settings.model_validate(raw)
    except ValidationError as error:
        raise SettingsRefused(lines(path, error.errors(), raw)) from error
    settings = _with_paths_from(settings, path.parent)
    keypads = (each for each in settings.devices if isinstance(each, KeypadEvdevSettings))
    problems = [
        f"{path}: keymap of {keypad.name}: {problem}"
        for keypad in keypads
        for problem in keypad.problems()
    ]
    if problems:
        raise SettingsRefused(problems)
    return settings


def _with_paths_from(settings: Settings, folder: Path) -> Settings:
    shop, store, uplink, loyalty = settings.shop, settings.store, settings.uplink, settings.loyalty
    files = {
        "catalogue": shop.catalogue and folder / shop.catalogue,
        "promotions": shop.promotions and folder / shop.promotions,
        "logo": shop.logo and folder / shop.logo,
        "staff": shop.staff and folder / shop.staff,
    }
    if loyalty is not None:
        members = loyalty.members and folder / loyalty.members
        leases = loyalty.leases and folder / loyalty.leases
        loyalty = loyalty.model_copy(update={"members": members, "leases": leases})
    if uplink is not None and uplink.tls is not None:
        keys = {name: folder / file for name, file in uplink.tls}
        uplink = uplink.model_copy(update={"tls": uplink.tls.model_copy(update=keys)})
    return settings.model_copy(
        update={
            "shop": shop.model_copy(update=files),
            "store": store.model_copy(update={"path": folder / store.path}),
            "uplink": uplink,
            "loyalty": loyalty,
            "devices": tuple(_with_files_from(each, folder) for each in settings.devices),
        }
    )


def _with_files_from(device: DeviceSettings, folder: Path) -> DeviceSettings:
    if isinstance(device, PaymentGatewaySettings | KeypadEvdevSettings):
        return device.with_paths_from(folder)
    return device
