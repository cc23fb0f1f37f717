"""The till's other devices: keypad, drawer, the printer's paper; and the demo's own keys."""

from collections import deque

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Grid, Horizontal, VerticalScroll
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from edge.checkout.inputs import Key
from edge.checkout.paper.receipt import Qr, Receipt
from edge.checkout.paper.receipt_layout import lay_out
from edge.checkout.shop import Language
from edge.demo.keys import CAPS, Cap, shown_stroke
from edge.demo.words import Say, say

PAPER_COLUMNS = 40
# Receipts that stay on the counter; older ones are in the journal, and copies can be had.
KEPT_RECEIPTS = 12
# A line of paper takes a printer about so long.
LINE_S = 0.02
PRESSED_S = 0.15
TEAR = "✂" + " -" * ((PAPER_COLUMNS - 1) // 2) + " "


DEMO_KEYS = {
    "s": Say.KEY_SCAN,
    "/": Say.KEY_SEARCH,
    "right": Say.KEY_PAGE,
    "n": Say.KEY_NETWORK,
    "p": Say.KEY_PRINTER,
    "?": Say.KEY_HELP,
    "q": Say.KEY_QUIT,
}
SHOWN_DEMO_STROKES = {"right": "← →"}
STROKE_NAMES = {"/": "search", "?": "help"}


def stroke_name(stroke: str) -> str:
    """The stroke as a part of a widget's id."""
    return STROKE_NAMES.get(stroke, stroke)


class KeyCap(Static):
    """A key that is pressed by the mouse, and lights up however it is pressed."""

    class Pressed(Message):
        """The mouse pressed it."""

        def __init__(self, key: Key) -> None:
            self.key = key
            super().__init__()

    def __init__(self, cap: Cap) -> None:
        label = Text(cap.label, style="bold", justify="center")
        super().__init__(
            label.append(f"\n{shown_stroke(cap)}", "dim not bold"),
            id=f"key-{cap.key.name.lower()}",
            classes=f"-{cap.colour} -places-{cap.places}",
        )
        self.cap = cap

    def on_click(self) -> None:
        self.post_message(self.Pressed(self.cap.key))

    def flash(self) -> None:
        self.add_class("-pressed")
        self.set_timer(PRESSED_S, lambda: self.remove_class("-pressed"))


class KeypadPane(Grid):
    def compose(self) -> ComposeResult:
        yield from map(KeyCap, CAPS)

    def flash(self, key: Key) -> None:
        """Light the cap of that key up."""
        self.query_one(f"#key-{key.name.lower()}", KeyCap).flash()


class DrawerPane(Static):
    """Closed or open, and how often it was opened."""

    pulses = 0
    is_open = False

    def open(self) -> None:
        self.pulses += 1
        self.is_open = True

    def close(self) -> None:
        self.is_open = False

    def draw(self, language: Language) -> None:
        self.set_class(self.is_open, "-open")
        state = Say.DRAWER_OPEN if self.is_open else Say.DRAWER_CLOSED
        shape = "▙▄▄▄▟" if self.is_open else "█████"
        pulses = say(Say.PULSES, language, str(self.pulses))
        self.update(Text(f"{shape} {say(state, language)}\n{pulses}"))


class Paper(VerticalScroll):
    """The printer's paper, the newest receipt on top; a click scans the receipt's code."""

    can_focus = False

    class Scanned(Message):
        """The code of a receipt, as a scanner reads it."""

        def __init__(self, code: str) -> None:
            self.code = code
            super().__init__()

    def __init__(self, **names: str) -> None:
        super().__init__(**names)  # type: ignore[arg-type]  # textual's own keywords, passed on
        self._receipts: deque[tuple[Receipt, list[str]]] = deque(maxlen=KEPT_RECEIPTS)
        self._coming: deque[Receipt] = deque()
        self._out = 0
        self._motor: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="printed")

    @property
    def is_moving(self) -> bool:
        """Whether a receipt is still coming out."""
        return bool(self._coming) or self._motor is not None

    def print(self, receipt: Receipt) -> None:
        """Let it come out, line by line, once those before it are out."""
        self._coming.append(receipt)
        if self._motor is None:
            self._begin()

    def _begin(self) -> None:
        receipt = self._coming.popleft()
        self._receipts.appendleft((receipt, [*lay_out(receipt, PAPER_COLUMNS), TEAR]))
        self._out = 0
        self.scroll_home(animate=False)
        self._motor = self.set_interval(LINE_S, self._advance)

    def _advance(self) -> None:
        # Of a timer that is late, textual calls once more what has stopped it: its sleep of less
        # than half a millisecond is none, and lets no cancellation in.
        if self._motor is None:
            return
        self._out += 1
        newest = self._receipts[0][1]
        if self._out >= len(newest):
            self._motor.stop()
            self._motor = None
            if self._coming:
                self._begin()
        self._draw()

    def _draw(self) -> None:
        shown = Text(no_wrap=True)
        for number, (_receipt, lines) in enumerate(self._receipts):
            for line in lines if number else lines[: self._out]:
                shown.append(f"{line}\n", "dim" if line is TEAR else "")
        self.query_one("#printed", Static).update(shown)

    def on_click(self, click: events.Click) -> None:
        line = click.get_content_offset_capture(self).y + round(self.scroll_y)
        for number, (receipt, lines) in enumerate(self._receipts):
            height = len(lines) if number else self._out
            if line < height:
                self._scan(receipt)
                return
            line -= height

    def _scan(self, receipt: Receipt) -> None:
        for element in receipt.elements:
            if isinstance(element, Qr):
                self.post_message(self.Scanned(element.data))


class DemoKey(Static):
    """One of the demo's own keys, for the mouse."""

    def __init__(self, stroke: str) -> None:
        super().__init__(id=f"demo-{stroke_name(stroke)}")
        self.stroke = stroke

    def on_click(self) -> None:
        self.post_message(DemoKeys.Pressed(self.stroke))

    def draw(self, label: str, *, lost: bool) -> None:
        colour = "#ff8f6b" if lost else "#9fb3c8"
        stroke = SHOWN_DEMO_STROKES.get(self.stroke, self.stroke)
        self.update(
            Text.assemble(
                (f" {stroke} ", f"bold black on {colour}"),
                (f" {label}", colour if lost else ""),
            )
        )


class DemoKeys(Horizontal):
    """What the demo can do beside the till, and which cables are pulled."""

    class Pressed(Message):
        """The mouse pressed the key of that stroke."""

        def __init__(self, stroke: str) -> None:
            self.stroke = stroke
            super().__init__()

    def compose(self) -> ComposeResult:
        yield from map(DemoKey, DEMO_KEYS)

    def draw(self, language: Language, *, no_network: bool, no_printer: bool) -> None:
        lost = {"n": no_network, "p": no_printer}
        for key in self.query(DemoKey):
            label = say(DEMO_KEYS[key.stroke], language)
            if lost.get(key.stroke):
                label += f" {say(Say.OPEN_CABLE, language)}"
            key.draw(label, lost=lost.get(key.stroke, False))
