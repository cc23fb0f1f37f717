"""A receipt as bytes, beside python-escpos with the same lines; and over the network, how soon the
first of them is at the printer, and when the printer has all.
"""

import asyncio
import time
from collections.abc import Callable

from escpos.printer import Dummy
from table import Figure, p50, p50_p99

from edge.checkout.inputs import DeviceState
from edge.checkout.paper.receipt import Align, Columns, Element, Qr, Receipt, Rule, Text
from edge.checkout.paper.receipt_layout import lay_out
from edge.drivers.printers.printer_escpos import encode
from edge.drivers.printers.printer_network import PrinterNetworkSettings, network_printer
from edge.drivers.printers.printer_profiles import PaperSettings
from tests.support.devices import RecordingInbox, surroundings

ROUNDS, JOBS = 400, 150
PAPER = PaperSettings()
CHINESE = (
    ("农夫山泉天然矿泉水 550ml", "有机全脂牛奶，1 升装"),
    ("东方商店 Orient Shop", "小票号", "合计", "现金", "找零", "税", "谢谢惠顾！"),
)
WORDS = {
    "English": (
        ("Spring water 550 ml", "Organic milk, 1 l"),
        ("Orient Shop", "Receipt", "TOTAL", "Cash", "CHANGE", "Tax", "Thank you"),
    ),
    "Chinese and English": CHINESE,
    "Chinese": CHINESE,
}
# What a bare exchange is: the questions that stand before a receipt, and their answers.
ASK, FINE = b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04", b"\x12" * 4
# GS ( H, the question behind a receipt.
END = b"\x1d(H\x06\x0000"


def receipt(number: int, language: str) -> Receipt:
    """Thirty lines as the till writes them: in "English", in "Chinese and English", or "Chinese",
    where every line but the rules has an ideograph.
    """
    names, words = WORDS[language]
    detail = "{} × 2.00" if language != "Chinese" else "{} × 2.00 元"
    head: tuple[Element, ...] = (
        Text(words[0], Align.CENTRE, bold=True),
        Text("1 High Street" if language != "Chinese" else "东方路1号", Align.CENTRE),
        Columns(f"{words[1]} till-1-{number}", "2026-01-01 12:00"),
        Rule(),
    )
    goods: list[Element] = []
    for line in range(1, 10):
        goods += [
            Columns(f"{names[line % 2]} {line}", f"{line * 2}.00 A"),
            Text(f"  {detail.format(line)}"),
        ]
    tail: tuple[Element, ...] = (
        Rule(),
        Columns(words[2], "¥90.00", bold=True),
        Columns(words[3], "100.00"),
        Columns(words[4], "10.00"),
        Columns(f"{words[5]} A 13%", "10.35"),
        Columns(f"{words[5]} B 9%", "0.00"),
        Text(words[6], Align.CENTRE),
        Qr(f"ET1:till-1:{number}"),
    )
    return Receipt(number, copy=False, elements=(*head, *goods, *tail))


def measure() -> list[Figure]:
    """The encoder, then the wire. Of a line with an ideograph the library makes GB 18030 at once,
    without the commands that make Chinese of it: it is quick where it is wrong.
    """
    figures = [
        _encoded("Chinese and English", has_aim=True),
        _encoded("English", has_aim=True),
        _encoded("Chinese", has_aim=False),
    ]
    first, whole, bare = asyncio.run(_sent())
    figures.append(
        Figure(
            "receipt's first byte at a network printer",
            p50_p99(first),
            f"bare question and answer {p50_p99(bare)}",
            p50(first) / p50(bare),
        )
    )
    figures.append(Figure("  and the last one", p50_p99(whole), "", p50(whole) / p50(bare)))
    return figures


def _encoded(language: str, *, has_aim: bool) -> Figure:
    """Ours lays the lines out as well; the library gets them laid out."""
    document = receipt(1, language)
    lines = lay_out(document, PAPER.columns)[:-1]
    library = Dummy()

    def ours() -> None:
        b"".join(encode(document, PAPER))

    def theirs() -> None:
        library.clear()
        library.hw("INIT")
        library.set(bold=True)
        library.text(lines[0] + "\n")
        library.set(bold=False)
        for line in lines[1:]:
            library.text(line + "\n")
        library.qr("ET1:till-1:1", native=True)
        library.cut()

    own_s, library_s = _in_turn(ours, theirs)
    return Figure(
        f"receipt of 30 lines to bytes, {language}",
        f"p50 {p50(own_s) * 1e3:.3f} ms",
        f"python-escpos alone {p50(library_s) * 1e3:.3f} ms",
        p50(own_s) / p50(library_s),
        aim="less than the library" if has_aim else "",
        met=p50(own_s) < p50(library_s) if has_aim else None,
    )


def _in_turn(*works: Callable[[], None]) -> list[list[float]]:
    """Seconds that each took, round by round."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for work, taken in zip(works, times, strict=True):
            begun = time.perf_counter()
            work()
            taken.append(time.perf_counter() - begun)
    return times


class Ears(asyncio.Protocol):
    """A printer that answers and prints nothing; `first_at` and `last_at` are when a receipt's
    first byte came behind the questions, and its last.
    """

    def __init__(self) -> None:
        self.first_at = self.last_at = 0.0
        self.greeted = asyncio.Event()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        if data != ASK:
            self.first_at = self.first_at or now
            self.last_at = now
        assert self._transport is not None
        answers = FINE * data.count(ASK)
        if END in data:
            place = data.rindex(END) + len(END)
            answers += b"\x37\x22" + data[place : place + 4] + b"\x00"
        if answers:
            self._transport.write(answers)
            self.greeted.set()


async def _sent() -> tuple[list[float], list[float], list[float]]:
    ears, inbox = Ears(), RecordingInbox()
    server = await asyncio.get_running_loop().create_server(lambda: ears, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    settings = PrinterNetworkSettings(
        driver="printer_network", name="printer", host="127.0.0.1", port=port
    )
    printer = network_printer(settings, surroundings(inbox))
    first: list[float] = []
    whole: list[float] = []
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(printer.run())
        await inbox.until_state("printer", DeviceState.READY)
        await ears.greeted.wait()
        for number in range(JOBS):
            ears.first_at = 0.0
            begun = time.perf_counter()
            await printer.print_receipt(str(number), receipt(number, "Chinese and English"))
            first.append(ears.first_at - begun)
            whole.append(ears.last_at - begun)
        running.cancel()
    bare = await _bare(port)
    server.close()
    await server.wait_closed()
    return first, whole, bare


async def _bare(port: int) -> list[float]:
    """Nothing is printed before a printer has said that it can print."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    taken: list[float] = []
    for _ in range(JOBS):
        begun = time.perf_counter()
        writer.write(ASK)
        await reader.readexactly(len(FINE))
        taken.append(time.perf_counter() - begun)
    writer.close()
    await writer.wait_closed()
    return taken
