"""What happens to a printer within a receipt, and who puts it right; and what came out of it."""

from dataclasses import dataclass

from edge.checkout.paper.receipt import Align, Columns, Picture, Qr, Receipt, Rule, Text
from edge.drivers.printers.printer_escpos import encode
from edge.drivers.printers.printer_profiles import PaperSettings
from tests.support.escpos_reader import STATUS_FINE, EscposReader, Paper
from tests.support.printer_rigs import PAPER_OUT, WiredRig

COVER_OPEN = {1: 0x1A, 2: 0x16}
TROUBLES = {"paper out": PAPER_OUT, "cover open": COVER_OPEN}
BREAKS = ("cable", "power")
DOTS = bytes(range(256)) * 9
TITLE = "Receipt 12"


def every_kind(*, copy: bool) -> Receipt:
    """A receipt with everything on it that takes more than one command."""
    return Receipt(
        12,
        copy=copy,
        elements=(
            Picture(576, 30, DOTS[: 72 * 30]),
            Text(f"{TITLE} 谢谢！", Align.CENTRE, large=True),
            *((Text("COPY", bold=True),) if copy else ()),
            *(Columns(f"农夫山泉 {line}", "¥2.00") for line in range(4)),
            Rule(),
            Columns("Café × 2", "€4.50", bold=True),
            Qr("https://shop.example/r/12"),
            Text("END"),
        ),
    )


def as_printed(receipt: Receipt) -> Paper:
    """The paper when nothing happens."""
    reader = EscposReader()
    reader.feed(b"".join(encode(receipt, PaperSettings())))
    (paper,) = reader.papers
    assert reader.complaints == []
    return paper


ORIGINAL, COPY = as_printed(every_kind(copy=False)), as_printed(every_kind(copy=True))
# One for each strip, line and code, and one for the cut.
HOPS = len(ORIGINAL.marks) + 1


@dataclass(frozen=True, slots=True)
class Mishap:
    """`what` befalls the printer of the rig when it has printed so much."""

    rig: WiredRig
    what: str

    def will_happen_at(self, hop: int) -> None:
        reader = self.rig.device.reader
        printed = 0

        def on_line() -> None:
            nonlocal printed
            printed += 1
            if printed == hop:
                self._happens()

        reader.on_line = on_line

    @property
    def has_happened(self) -> bool:
        return self.rig.device.reader.halted or self.rig.device.deaf

    def _happens(self) -> None:
        reader = self.rig.device.reader
        if self.what in TROUBLES:
            reader.status.update(TROUBLES[self.what])
            reader.halted = True
        else:
            self.rig.device.deaf = True

    async def takes_hold(self) -> None:
        """A cable or a switch, from where the till sees it."""
        if self.what == "cable":
            await self.rig.device.pull()
        elif self.what == "power":
            await self.rig.device.power_off()

    async def is_put_right(self) -> None:
        device = self.rig.device
        device.reader.on_line = lambda: None
        if self.what in TROUBLES:
            device.reader.status.update(STATUS_FINE)
            device.go_on()
        else:
            await device.push()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What lies on the counter."""

    originals: int
    copies: int


def judge(rig: WiredRig) -> Outcome:
    """Whole papers, counted; no paper has parts of two receipts on it."""
    reader = rig.device.reader
    papers = [*reader.papers, reader.unfinished]
    for paper in papers:
        assert sum(TITLE in line for line in paper.text) <= 1, paper.text
    whole = [paper.marks for paper in reader.papers]
    return Outcome(whole.count(ORIGINAL.marks), whole.count(COPY.marks))
