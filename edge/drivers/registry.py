"""Every driver there is. A new one is a file, a line in its kind's table and one in the union."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import random
from typing import Annotated, Any, Generic, Protocol, TypeAlias, TypeVar

from pydantic import Field

from edge.checkout.devices import Kind, TillDevice
from edge.drivers.displays.display_framebuffer import DisplayFramebufferSettings, FramebufferDisplay
from edge.drivers.displays.display_lines import DisplayLinesSettings, LinesDisplay
from edge.drivers.displays.display_serial import DisplaySerialSettings, SerialCustomerDisplay
from edge.drivers.drawers.drawer_gpio import GpioDrawer
from edge.drivers.drawers.drawer_gpio_settings import DrawerGpioSettings
from edge.drivers.keys.keypad_evdev import EvdevKeypad, KeypadEvdevSettings
from edge.drivers.keys.keypad_serial import KeypadSerialSettings, SerialKeypad
from edge.drivers.keys.scanner_evdev import EvdevScanner, ScannerEvdevSettings
from edge.drivers.keys.scanner_serial import ScannerSerialSettings, SerialScanner
from edge.drivers.payments.payment_gateway import GatewayTerminal, PaymentGatewaySettings
from edge.drivers.payments.payment_manual import ManualTerminal, PaymentManualSettings
from edge.drivers.payments.payment_simulated import PaymentSimulatedSettings, SimulatedPayment
from edge.drivers.printers.drawer_printer import DrawerPrinterSettings, printer_drawer
from edge.drivers.printers.printer_network import PrinterNetworkSettings, network_printer
from edge.drivers.printers.printer_serial import PrinterSerialSettings, serial_printer
from edge.drivers.printers.printer_usb import PrinterUsbSettings, usb_printer
from edge.drivers.printers.printer_usblp import PrinterUsblpSettings, usblp_printer
from edge.drivers.renewals import Renewals
from edge.drivers.scales.scale_serial import ScaleSerialSettings, SerialScale
from edge.drivers.settings import NOBODY_WATCHES, DeviceModel, Plugs, Surroundings
from edge.drivers.simulated import (
    CashierDisplaySimulatedSettings,
    CustomerDisplaySimulatedSettings,
    DrawerSimulatedSettings,
    KeypadSimulatedSettings,
    PrinterSimulatedSettings,
    ScaleSimulatedSettings,
    ScannerSimulatedSettings,
    SimulatedCashierDisplay,
    SimulatedCustomerDisplay,
    SimulatedDrawer,
    SimulatedKeypad,
    SimulatedPrinter,
    SimulatedScale,
    SimulatedScanner,
)
from edge.ports import (
    CashierDisplay,
    Clock,
    CustomerDisplay,
    Drawer,
    Driver,
    Inbox,
    PaymentTerminal,
    Printer,
    Scale,
)

DeviceSettings: TypeAlias = Annotated[
    ScannerSerialSettings
    | ScannerEvdevSettings
    | ScannerSimulatedSettings
    | KeypadSerialSettings
    | KeypadEvdevSettings
    | KeypadSimulatedSettings
    | PrinterNetworkSettings
    | PrinterSerialSettings
    | PrinterUsbSettings
    | PrinterUsblpSettings
    | PrinterSimulatedSettings
    | DrawerPrinterSettings
    | DrawerGpioSettings
    | DrawerSimulatedSettings
    | DisplaySerialSettings
    | CustomerDisplaySimulatedSettings
    | DisplayFramebufferSettings
    | DisplayLinesSettings
    | CashierDisplaySimulatedSettings
    | PaymentGatewaySettings
    | PaymentManualSettings
    | PaymentSimulatedSettings
    | ScaleSerialSettings
    | ScaleSimulatedSettings,
    Field(discriminator="driver"),
]


class PrinterDriver(Driver, Printer, Protocol):
    """A printer with a life of its own."""


class DrawerDriver(Driver, Drawer, Protocol):
    """A drawer with a life of its own."""


class CustomerDisplayDriver(Driver, CustomerDisplay, Protocol):
    """A customer display with a life of its own."""


class CashierDisplayDriver(Driver, CashierDisplay, Protocol):
    """A cashier's display with a life of its own."""


class PaymentDriver(Driver, PaymentTerminal, Protocol):
    """A payment terminal with a life of its own."""


class ScaleDriver(Driver, Scale, Protocol):
    """A scale with a life of its own."""


D_co = TypeVar("D_co", bound=Driver, covariant=True)
S = TypeVar("S", bound=DeviceModel)


@dataclass(frozen=True, slots=True)
class Maker(Generic[D_co]):
    """How the devices of one settings model are built. Raises ValueError when the settings name
    a device that is not there.
    """

    settings: type[DeviceModel]
    create: Callable[[Any, Surroundings], D_co]


def _maker(settings: type[S], create: Callable[[S, Surroundings], D_co]) -> Maker[D_co]:
    return Maker(settings, create)


SCANNERS: tuple[Maker[Driver], ...] = (
    _maker(ScannerSerialSettings, SerialScanner),
    _maker(ScannerEvdevSettings, EvdevScanner),
    _maker(ScannerSimulatedSettings, SimulatedScanner),
)
KEYPADS: tuple[Maker[Driver], ...] = (
    _maker(KeypadSerialSettings, SerialKeypad),
    _maker(KeypadEvdevSettings, EvdevKeypad),
    _maker(KeypadSimulatedSettings, SimulatedKeypad),
)
PRINTERS: tuple[Maker[PrinterDriver], ...] = (
    _maker(PrinterNetworkSettings, network_printer),
    _maker(PrinterSerialSettings, serial_printer),
    _maker(PrinterUsbSettings, usb_printer),
    _maker(PrinterUsblpSettings, usblp_printer),
    _maker(PrinterSimulatedSettings, SimulatedPrinter),
)
DRAWERS: tuple[Maker[DrawerDriver], ...] = (
    _maker(DrawerPrinterSettings, printer_drawer),
    _maker(DrawerGpioSettings, GpioDrawer),
    _maker(DrawerSimulatedSettings, SimulatedDrawer),
)
CUSTOMER_DISPLAYS: tuple[Maker[CustomerDisplayDriver], ...] = (
    _maker(DisplaySerialSettings, SerialCustomerDisplay),
    _maker(CustomerDisplaySimulatedSettings, SimulatedCustomerDisplay),
)
CASHIER_DISPLAYS: tuple[Maker[CashierDisplayDriver], ...] = (
    _maker(DisplayFramebufferSettings, FramebufferDisplay),
    _maker(DisplayLinesSettings, LinesDisplay),
    _maker(CashierDisplaySimulatedSettings, SimulatedCashierDisplay),
)
PAYMENT_TERMINALS: tuple[Maker[PaymentDriver], ...] = (
    _maker(PaymentGatewaySettings, GatewayTerminal),
    _maker(PaymentManualSettings, ManualTerminal),
    _maker(PaymentSimulatedSettings, SimulatedPayment),
)
SCALES: tuple[Maker[ScaleDriver], ...] = (
    _maker(ScaleSerialSettings, SerialScale),
    _maker(ScaleSimulatedSettings, SimulatedScale),
)
REGISTRY: Mapping[Kind, Sequence[Maker[Driver]]] = {
    Kind.SCANNER: SCANNERS,
    Kind.KEYPAD: KEYPADS,
    Kind.PRINTER: PRINTERS,
    Kind.DRAWER: DRAWERS,
    Kind.CUSTOMER_DISPLAY: CUSTOMER_DISPLAYS,
    Kind.CASHIER_DISPLAY: CASHIER_DISPLAYS,
    Kind.PAYMENT: PAYMENT_TERMINALS,
    Kind.SCALE: SCALES,
}


def till_devices(settings: Sequence[DeviceModel]) -> tuple[TillDevice, ...]:
    """The devices of the settings, as the core knows them."""
    kinds = {maker.settings: kind for kind, makers in REGISTRY.items() for maker in makers}
    return tuple(
        TillDevice(
            each.name,
            kinds[type(each)],
            on=each.printer if isinstance(each, DrawerPrinterSettings) else "",
        )
        for each in settings
    )


@dataclass(frozen=True, slots=True)
class Devices:
    """What was built, by kind, each in the order of the settings."""

    scanners: tuple[Driver, ...]
    keypads: tuple[Driver, ...]
    printers: tuple[PrinterDriver, ...]
    drawers: tuple[DrawerDriver, ...]
    customer_displays: tuple[CustomerDisplayDriver, ...]
    cashier_displays: tuple[CashierDisplayDriver, ...]
    payment_terminals: tuple[PaymentDriver, ...]
    scales: tuple[ScaleDriver, ...]
    # By name, why a device is not there now; empty or missing when it is.
    reasons: Mapping[str, str]
    renewals: Renewals

    @property
    def all(self) -> tuple[Driver, ...]:
        """Every driver, for whoever runs them."""
        return (
            *self.scanners,
            *self.keypads,
            *self.printers,
            *self.drawers,
            *self.customer_displays,
            *self.cashier_displays,
            *self.payment_terminals,
            *self.scales,
        )


def build(
    settings: Sequence[DeviceModel],
    inbox: Inbox,
    clock: Clock,
    plugs: Plugs = NOBODY_WATCHES,
    own_inbox: Callable[[str], Inbox] | None = None,
) -> Devices:
    """The devices of the settings; nothing is opened before they run. With `own_inbox` each tells
    the one of its name instead. Raises ValueError for two of one name and for a reference to a
    device that is not there.
    """
    names = [device.name for device in settings]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{name}: two devices have this name")
    built: dict[str, object] = {}
    around = Surroundings(inbox=inbox, clock=clock, find=built.get, random=random, plugs=plugs)

    def around_of(name: str) -> Surroundings:
        return around if own_inbox is None else replace(around, inbox=own_inbox(name))

    def of(makers: Iterable[Maker[D_co]]) -> tuple[D_co, ...]:
        creators = {maker.settings: maker.create for maker in makers}
        drivers: dict[str, D_co] = {
            device.name: creators[type(device)](device, around_of(device.name))
            for device in settings
            if type(device) in creators
        }
        built.update(drivers)
        return tuple(drivers.values())

    return Devices(
        scanners=of(SCANNERS),
        keypads=of(KEYPADS),
        # A drawer may hang on a printer, so printers are there first.
        printers=of(PRINTERS),
        drawers=of(DRAWERS),
        customer_displays=of(CUSTOMER_DISPLAYS),
        cashier_displays=of(CASHIER_DISPLAYS),
        payment_terminals=of(PAYMENT_TERMINALS),
        scales=of(SCALES),
        reasons=around.reasons,
        renewals=around.renewals,
    )
