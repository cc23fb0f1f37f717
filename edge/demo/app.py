"""The till in the terminal: every device drawn, pressed with the mouse or the keyboard."""

from collections.abc import Callable, Mapping
from random import Random

from rich.text import Text
from textual import events
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from edge.checkout.effects import Tone
from edge.checkout.inputs import Key
from edge.checkout.paper.receipt import Receipt
from edge.checkout.records import Unit
from edge.checkout.screens import CashierScreen, CustomerScreen
from edge.checkout.session import Session
from edge.checkout.shop import Language
from edge.demo.cable import Cable
from edge.demo.device_panes import DemoKeys, DrawerPane, KeyCap, KeypadPane, Paper
from edge.demo.help import HelpScreen
from edge.demo.house import DEVICE, SHOP_NAME, DemoHouse
from edge.demo.hq_pane import HqPane
from edge.demo.hq_view import look_at_hq
from edge.demo.keys import STROKES
from edge.demo.screen_pane import CashierPane, CustomerPane
from edge.demo.shelf import Goods, some_weight_g
from edge.demo.shelf_pane import ShelfPane
from edge.demo.steps import Type
from edge.demo.words import Say, hint, say
from edge.ports import StoreError

# Below this the panes cut each other's words off.
LEAST_COLUMNS, LEAST_LINES = 100, 30
# As often as an eye follows; each look is four small queries.
LOOK_AT_HQ_S = 0.25
SIGN_ON = Type("9 ENTER 9753 ENTER").pressed()
# A cashier shuts the drawer with the hip.
DRAWER_OPEN_S = 4


class TillApp(App[None]):
    """Looks on at a running house, and presses its scanner and its keypad."""

    CSS_PATH = "app.tcss"
    TITLE = "Edge Till"
    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = None

    def __init__(self, house: DemoHouse, dice: Random | None = None) -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (LEAST_COLUMNS, "-narrow"), (120, "-wide")]
        self.VERTICAL_BREAKPOINTS = [(0, "-flat"), (LEAST_LINES, "-low"), (38, "-high")]
        self.house = house
        self._dice = dice or Random()
        self._receipts = 0
        self._printer_plugged = True
        # The demo's own keys; all others are the keypad's.
        self._demo_keys: Mapping[str, Callable[[], object]] = {
            "s": self._scan_something,
            "f1": self._scan_something,
            "/": self._begin_search,
            "left": lambda: self._shelf.turn(-1),
            "right": lambda: self._shelf.turn(1),
            "n": self._switch_network,
            "p": self._switch_printer,
            "?": lambda: self.push_screen(HelpScreen(self.language)),
            "h": lambda: self.push_screen(HelpScreen(self.language)),
            "q": self.exit,
            "ctrl+c": self.exit,
        }

    def compose(self) -> ComposeResult:
        yield Static(Text(f" EDGE TILL demo · {SHOP_NAME} · {DEVICE}"), id="banner")
        with Horizontal(id="till"):
            with Vertical(id="left"):
                yield CashierPane(id="cashier")
                yield KeypadPane(id="keypad")
            with Vertical(id="middle"):
                with Horizontal(id="counter"):
                    yield CustomerPane(id="customer")
                    yield DrawerPane(id="drawer")
                yield Paper(id="paper")
            with Vertical(id="right"):
                yield ShelfPane(self.house.shelf, id="shelf")
                yield HqPane(id="hq")
        yield Static(id="hint")
        yield DemoKeys(id="demo-keys")
        yield Static(id="too-small")

    # --- what the till shows

    def on_mount(self) -> None:
        house = self.house
        self._shelf = self.query_one(ShelfPane)
        self._drawer = self.query_one(DrawerPane)
        # Called on the till's tasks; drawn on the app's.
        house.cashier.on_show = lambda screen: self._later(self._show_cashier, screen)
        house.customer.on_show = lambda screen: self._later(self._show_customer, screen)
        house.printer.on_receipt = lambda receipt: self._later(self._show_receipt, receipt)
        house.drawer.on_pulse = lambda: self._later(self._open_drawer)
        house.cashier.on_beep = lambda tone: self._later(self._beep, tone)
        house.stopped.add_done_callback(lambda _: self._later(self.exit))
        self._show_customer(house.customer.screen)
        if house.cashier.screen is not None:
            self._show_cashier(house.cashier.screen)
        self.set_interval(LOOK_AT_HQ_S, self._look_at_hq)
        # Somebody is at the till already: the first sale takes two clicks.
        for key in SIGN_ON:
            house.keypad.press(key)

    def _later(self, draw: Callable[..., object], *what: object) -> None:
        """Draw on the app's own task, unless the app is leaving by then."""
        self.call_later(lambda: self.is_running and draw(*what))

    @property
    def session(self) -> Session:
        return self.house.till.till.session

    @property
    def language(self) -> Language:
        return self.session.language

    def _show_cashier(self, screen: CashierScreen) -> None:
        self.query_one(CashierPane).show(screen)
        self._label_all()

    def _show_customer(self, screen: CustomerScreen) -> None:
        self.query_one(CustomerPane).show(screen)

    def _show_receipt(self, receipt: Receipt) -> None:
        self._receipts += 1
        self.query_one(Paper).print(receipt)
        self._label_all()

    def _open_drawer(self) -> None:
        self._drawer.open()
        self._drawer.draw(self.language)
        opened = self._drawer.pulses
        self.set_timer(DRAWER_OPEN_S, lambda: self._close_drawer(opened))

    def _close_drawer(self, opened: int) -> None:
        """Shut it, unless it was opened again meanwhile."""
        if self._drawer.pulses == opened:
            self._drawer.close()
            self._drawer.draw(self.language)

    def _beep(self, tone: Tone) -> None:
        if tone is Tone.REFUSED:
            self.bell()

    def _label_all(self) -> None:
        """Every word that the demo adds, in the till's language and as things stand."""
        language = self.language
        plugged = self._printer_plugged
        for selector, word in (
            ("#cashier", Say.CASHIER),
            ("#customer", Say.CUSTOMER),
            ("#drawer", Say.DRAWER),
            ("#paper", Say.PAPER if plugged else Say.PAPER_GONE),
            ("#keypad", Say.KEYPAD),
            ("#shelf", Say.SHELF),
            ("#hq", Say.HQ),
        ):
            self.query_one(selector).border_title = say(word, language)
        self.query_one("#paper").set_class(not plugged, "-unplugged")
        self._shelf.speak(language)
        self._drawer.draw(language)
        shown = hint(self.session.state, self._receipts)
        self.query_one("#hint", Static).update(Text(f" ➜ {say(shown, language)}"))
        hq = self.house.hq
        self.query_one(DemoKeys).draw(
            language, no_network=hq is None or hq.cable.is_cut, no_printer=not plugged
        )

    async def _look_at_hq(self) -> None:
        house = self.house
        if not self.is_running:
            return
        pane = self.query_one(HqPane)
        if house.hq is None:
            pane.show_none(house.no_hq, self.language)
            return
        try:
            head = await house.till.store.journal_head()
        except StoreError:
            return  # the till says it
        view = await look_at_hq(house.hq.engine, DEVICE)
        pane.show(view, head.last_seq - head.acked_through, self.language)

    # --- what the cashier does

    def on_key(self, event: events.Key) -> None:
        stroke = (event.character or "").lower() if event.is_printable else event.key
        if stroke == "ctrl+c" or (stroke == "q" and not self._shelf.is_searching):
            self.exit()
        elif not self.is_running or self._is_too_small or self.screen is not self.screen_stack[0]:
            return
        elif self._shelf.is_searching:
            self._shelf.type(stroke)
        elif stroke in self._demo_keys:
            self._demo_keys[stroke]()
        elif stroke in STROKES:
            self._press(STROKES[stroke])

    def _press(self, key: Key) -> None:
        self.query_one(KeypadPane).flash(key)
        self._drawer.close()
        self.house.keypad.press(key)

    def on_key_cap_pressed(self, pressed: KeyCap.Pressed) -> None:
        self._press(pressed.key)

    def on_demo_keys_pressed(self, pressed: DemoKeys.Pressed) -> None:
        self._demo_keys[pressed.stroke]()

    def on_shelf_pane_taken(self, taken: ShelfPane.Taken) -> None:
        self._take(taken.goods)

    def on_paper_scanned(self, scanned: Paper.Scanned) -> None:
        self.house.scanner.scan(scanned.code)

    def _begin_search(self) -> None:
        self._shelf.search("")

    def _scan_something(self) -> None:
        self._take(self._dice.choice([goods for goods in self.house.shelf if goods.code]))

    def _take(self, goods: Goods) -> None:
        """Lay it on the scale, and hold it before the scanner; what has no barcode, or is sold by
        weight, is keyed by its number.
        """
        self._drawer.close()
        self.house.scale.grams = some_weight_g(self._dice)
        if goods.code and goods.unit is Unit.EACH:
            self.house.scanner.scan(goods.code)
            return
        for key in (*map(Key, goods.plu), Key.ENTER):
            self.house.keypad.press(key)

    def _switch_network(self) -> None:
        if self.house.hq is None:
            self.bell()
        elif self.house.hq.cable.is_cut:
            self.call_later(self._mend_network, self.house.hq.cable)
        else:
            self.house.hq.cable.cut()
            self._label_all()

    async def _mend_network(self, cable: Cable) -> None:
        await cable.mend()
        self._label_all()

    def _switch_printer(self) -> None:
        printer = self.house.printer
        self._printer_plugged = not self._printer_plugged
        if self._printer_plugged:
            printer.replug()
        else:
            printer.unplug()
        self._label_all()

    # --- the terminal

    @property
    def _is_too_small(self) -> bool:
        return self.size.width < LEAST_COLUMNS or self.size.height < LEAST_LINES

    def on_resize(self, event: events.Resize) -> None:
        columns, lines = event.size
        self.query_one("#too-small", Static).update(
            Text(
                f"The till needs a terminal of {LEAST_COLUMNS} x {LEAST_LINES};"
                f" this one has {columns} x {lines}.\n\n"
                f"收银机需要 {LEAST_COLUMNS} x {LEAST_LINES} 的终端,"
                f"现在是 {columns} x {lines}。\n\nq: quit 退出",
                justify="center",
            )
        )
