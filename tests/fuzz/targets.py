"""Every parser of device bytes as a function of any bytes, with what must hold whatever they are:
nothing is raised, and what is kept is bounded. Hypothesis and atheris feed the same targets.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from edge.checkout.goods.gs1 import Gs1
from edge.checkout.inputs import Key
from edge.drivers.keys import gs1
from edge.drivers.keys.frames import FrameParser, Garbled, KeyLineParser, KeyParser, strip_aim_id
from edge.drivers.keys.input_events import EVENT, EventParser
from edge.drivers.keys.keymap import Keymap
from edge.drivers.keys.keypad_evdev import Keys
from edge.drivers.keys.keypad_serial import default_keymap
from edge.drivers.keys.typed_text import TypedText
from edge.drivers.lines.marked_bytes import MarkedBytes
from edge.drivers.payments.payment_answers import (
    GatewayAnswer,
    NoAnswerError,
    Question,
    Reply,
    read_reply,
)
from edge.drivers.payments.payment_signing import SigningKey
from edge.drivers.printers.printer_status import StatusReader
from edge.drivers.scales.scale_answers import AnswerParser, NoWeight, Weight

MAX_CODE = 32
# The longest chunk of a stream is 16 bytes here: every frame is cut somewhere in some run.
LONGEST_CHUNK = 16
# Objects of a parser's state, each of a few words.
MAX_STATE_BYTES = 64 * 1024
NOW_MS = 1_795_000_000_000


def chunks(data: bytes) -> Iterator[bytes]:
    """The bytes as a device may deliver them: each chunk's first byte says how long it is."""
    while data:
        size = 1 + data[0] % LONGEST_CHUNK
        yield data[1 : 1 + size]
        data = data[1 + size :]


def kept_bytes(parser: object) -> int:
    """What a parser keeps, its containers one level deep."""
    total = 0
    for value in vars(parser).values():
        total += sys.getsizeof(value)
        if isinstance(value, set | list | tuple):
            total += sum(map(sys.getsizeof, value))
    return total


def frames(data: bytes) -> None:
    parser = FrameParser(MAX_CODE)
    for chunk in chunks(data):
        for frame in parser.feed(chunk):
            assert isinstance(frame, Garbled) or 0 < len(frame) <= MAX_CODE
            if isinstance(frame, str):
                strip_aim_id(frame)
        assert kept_bytes(parser) < MAX_STATE_BYTES
    # Whatever came before, the next whole code is read.
    assert [*parser.feed(b"\r"), *parser.feed(b"4006381333931\r")][-1] == "4006381333931"


def serial_keys(data: bytes) -> None:
    for parser in (KeyParser(default_keymap()), KeyLineParser()):
        keys = [key for chunk in chunks(data) for key in parser.feed(chunk)]
        assert len(keys) <= len(data)
        assert all(isinstance(key, Key) for key in keys)
        assert kept_bytes(parser) < MAX_STATE_BYTES


def keyboards(data: bytes) -> None:
    """As a scanner's keys and as a keypad's, from one stream of events."""
    events, frames = EventParser(), FrameParser(MAX_CODE)
    typed = TypedText("de", "enter", "ctrl_bracket", caps_lock=False, opened_us=0)
    keys = Keys(Keymap({30: Key.CASH}, 69, {30: Key.CARD}))
    for number, chunk in enumerate(chunks(data)):
        for event in events.feed(chunk):
            list(keys.take(event, number))
            for frame in frames.feed(typed.take(event)):
                assert isinstance(frame, Garbled) or len(frame) <= MAX_CODE
        assert kept_bytes(events) + kept_bytes(typed) + kept_bytes(frames) < MAX_STATE_BYTES


def printer_says(data: bytes) -> None:
    reader = StatusReader()
    reader.ask()
    reader.probe()
    for number, chunk in enumerate(chunks(data)):
        if number % 7 == 0:
            reader.ask()
            _, mark = reader.mark()
            if mark is not None:
                reader.has_reached(mark)
        reader.feed(chunk)
        assert 0 <= reader.strays <= len(data)
        assert kept_bytes(reader) < MAX_STATE_BYTES
    if reader.status is not None:
        assert reader.status.trouble is None or ":" in reader.status.trouble


def scale_says(data: bytes) -> None:
    parser = AnswerParser()
    for chunk in chunks(data):
        for answer in parser.feed(chunk):
            assert isinstance(answer, Weight | NoWeight | Garbled)
            assert not isinstance(answer, Weight) or 0 <= answer.milli < 10**6
        assert kept_bytes(parser) < MAX_STATE_BYTES
    assert list(parser.feed(b"\r\x0201.234\r"))[-1] == Weight(1_234)


def marked_bytes(data: bytes) -> None:
    line = MarkedBytes()
    for chunk in chunks(data):
        # What was kept of a mark is read with its rest.
        assert len(line.plain(chunk)) <= len(chunk) + 2
        assert kept_bytes(line) < MAX_STATE_BYTES
    assert line.plain(b"\xff\xff\xff\xff12").endswith(b"12")


def long_codes(data: bytes) -> None:
    text = data.decode("latin-1")
    for code in (text, text.replace("|", "\x1d"), f"]d2{text}", f"https://id.gs1.org/01/{text}"):
        read = gs1.read(code, NOW_MS)
        assert read is None or isinstance(read, Gs1)


def gateway_says(data: bytes) -> None:
    """Signed by the gateway itself, so that the body is read."""
    key = SigningKey("key", b"k" * 32)
    question = Question("GET", "/payments/1", "nonce")
    for status in (200, 409):
        signature = key.sign_answer("GET", "/payments/1", "nonce", status, data)
        try:
            read_reply(Reply(status, signature, data), question, key, GatewayAnswer)
        except NoAnswerError:
            continue


@dataclass(frozen=True)
class Target:
    """`seeds` are bytes from which mutations begin: what real devices send."""

    take: Callable[[bytes], None]
    seeds: tuple[bytes, ...]


def _chunked(data: bytes) -> bytes:
    """The bytes with the lengths that `chunks` takes out again."""
    cut = [data[at : at + LONGEST_CHUNK] for at in range(0, len(data), LONGEST_CHUNK)]
    return b"".join(bytes([len(chunk) - 1]) + chunk for chunk in cut)


_TYPED = b"".join(
    EVENT.pack(0, 0, *event) for event in ((1, 30, 1), (0, 0, 0), (1, 30, 0), (0, 3, 0), (1, 28, 1))
)
TARGETS: Mapping[str, Target] = {
    "frames": Target(frames, (_chunked(b"]E04006381333931\r\n"), _chunked(b"F01\x1d10A\r"))),
    "serial_keys": Target(serial_keys, (_chunked(b"3X1001EC\r"), _chunked(b"CASH\r\nENTER\n"))),
    "keyboards": Target(keyboards, (_chunked(_TYPED),)),
    "printer_says": Target(
        printer_says,
        (
            _chunked(b"\x12\x12\x12\x12"),
            _chunked(b"\x37\x220001\x00"),
            _chunked(b"\x1c\x00\x0c\x0f"),
        ),
    ),
    "scale_says": Target(scale_says, (_chunked(b"\x0201.234\r"), _chunked(b"\x02?A\r"))),
    "marked_bytes": Target(marked_bytes, (_chunked(b"40063\xff\x008\xff\xff1333931\r"),)),
    "long_codes": Target(
        long_codes,
        (
            b"0104006381333931172611203103000500|10LOT",
            b"04006381333931/10/A?17=261120",
            b"01040063813339313922000499|30012",
        ),
    ),
    "gateway_says": Target(
        gateway_says, (b'{"intent_id":"1","state":"approved","amount_minor":1,"currency":"CNY"}',)
    ),
}
