"""A receipt's bytes, as an independent reader of ESC/POS prints them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.checkout.paper.receipt import Align, Columns, Element, Feed, Qr, Receipt, Rule, Text
from edge.checkout.paper.width import display_width
from edge.drivers.printers.printer_escpos import (
    INITIALISE,
    MAX_QR_BYTES,
    drawer_pulse,
    encode,
    qr_code,
)
from edge.drivers.printers.printer_profiles import PaperSettings
from tests.support.escpos_reader import EscposReader, Paper, PrintedLine, Pulse

PRINTED_TEXT = st.text(
    st.one_of(
        st.sampled_from("农夫山泉合计找零，。：（）！￥¥€éüñ łžЖΩ×abc 123"),
        st.characters(categories=["L", "N", "P", "S", "Zs", "M", "Cc", "Cf"]),
    ),
    max_size=80,
)
ELEMENTS: st.SearchStrategy[Element] = st.one_of(
    st.builds(Text, PRINTED_TEXT, st.sampled_from(Align), st.booleans(), st.booleans()),
    st.builds(Columns, PRINTED_TEXT, st.sampled_from(["¥2.00", "1,234.56", "合计"])),
    st.just(Rule()),
    st.builds(Feed, st.integers(1, 8)),
    st.builds(Qr, st.text("abc/:?=0123", min_size=1, max_size=60)),
)


def receipt(*elements: Element) -> Receipt:
    return Receipt(receipt_no=1, copy=False, elements=elements)


def printed(document: Receipt, paper: PaperSettings | None = None) -> Paper:
    paper = paper or PaperSettings()
    reader = EscposReader(paper.columns)
    assert reader.feed(b"".join(encode(document, paper))) == b""
    assert reader.complaints == []
    (only,) = reader.papers
    return only


def test_a_chinese_and_english_receipt_comes_out_as_it_was_written() -> None:
    paper = printed(
        receipt(
            Text("东方商店 Orient Shop", Align.CENTRE, bold=True),
            Text("谢谢惠顾！", Align.CENTRE, large=True),
            Rule(),
            Columns("农夫山泉（550ml），冰", "¥2.00"),
            Columns("Milk 1L", "¥12.50", bold=True),
            Feed(1),
            Qr("https://shop.example/r/1"),
        )
    )
    assert paper.lines == [
        PrintedLine("东方商店 Orient Shop", 20, "centre", bold=True),
        PrintedLine("谢谢惠顾！", 10, "centre", large=True),
        PrintedLine("-" * 48, 48),
        PrintedLine("农夫山泉（550ml），冰" + " " * 22 + "¥2.00", 48),
        PrintedLine("Milk 1L" + " " * 35 + "¥12.50", 48, bold=True),
        PrintedLine("", 0, bold=True),
    ]
    assert paper.qr_codes == ["https://shop.example/r/1"]


def test_chinese_stands_between_its_mode_commands_with_full_width_punctuation() -> None:
    coded = b"".join(encode(receipt(Text("A，B")), PaperSettings()))
    assert b"A\x1c&\xa3\xac\x1c.B\n" in coded


def test_a_printer_that_starts_in_double_byte_mode_is_taken_out_of_it_first() -> None:
    assert next(encode(receipt(), PaperSettings())).startswith(INITIALISE + b"\x1c.\x1bt\x00")


@pytest.mark.parametrize("text", ["Café", "Łódź", "Ωmega", "Привет", "5 €", "¥ 3 × 2"])
def test_western_letters_come_from_code_pages(text: str) -> None:
    assert printed(receipt(Text(text))).text == [text]


def test_a_printer_without_chinese_shows_what_it_can() -> None:
    paper = printed(receipt(Text("牛奶 Ａ１，é")), PaperSettings(charset="western"))
    assert paper.text == ["?? A1,é"]


@pytest.mark.parametrize(
    ("text", "shown"), [("😀!", "?!"), ("e\u0301", "é"), ("a\u200b\x1bb", "ab")]
)
def test_what_no_printer_has_becomes_a_sign_or_nothing(text: str, shown: str) -> None:
    assert printed(receipt(Text(text))).text == [shown]


def test_long_words_wrap_and_the_amount_keeps_to_the_right() -> None:
    paper = printed(
        receipt(Columns("特级初榨橄榄油礼盒装" * 3, "¥1288.00")), PaperSettings(columns=32)
    )
    assert "".join(paper.text).replace(" ", "") == "特级初榨橄榄油礼盒装" * 3 + "¥1288.00"
    assert paper.lines[-1].text.endswith(" ¥1288.00")
    assert paper.lines[-1].columns == 32


def test_the_first_line_is_there_before_the_last_is_laid_out() -> None:
    class Unprintable:
        """No element; laying it out would be an error."""

    document = receipt(Text("first"), Unprintable())  # type: ignore[arg-type] - never reached
    chunks = encode(document, PaperSettings())
    assert b"first\n" in next(chunks) + next(chunks)


def test_without_a_cutter_the_paper_is_fed_to_the_tear_bar() -> None:
    coded = b"".join(encode(receipt(Text("x")), PaperSettings(cut="none")))
    assert coded.endswith(b"\x1bd\x04")
    assert b"\x1dV" not in coded


@given(st.lists(ELEMENTS, max_size=12), st.sampled_from([32, 42, 48]))
def test_whatever_stands_on_it_a_receipt_is_valid_and_fits(
    elements: list[Element], columns: int
) -> None:
    paper = printed(receipt(*elements), PaperSettings(columns=columns))
    for line in paper.lines:
        assert line.columns == display_width(line.text) <= columns // (2 if line.large else 1)
    assert paper.qr_codes == [element.data for element in elements if isinstance(element, Qr)]


def test_the_longest_qr_code_passes_and_a_longer_one_is_a_bug() -> None:
    reader = EscposReader()
    reader.feed(qr_code("1" * MAX_QR_BYTES, 4))
    assert reader.unfinished.qr_codes == ["1" * MAX_QR_BYTES]
    with pytest.raises(ValueError, match="does not fit"):
        qr_code("1" * (MAX_QR_BYTES + 1), 4)


@pytest.mark.parametrize(
    ("pin", "pulse_ms", "pulse"),
    [(2, 100, Pulse(2, 100, 100)), (5, 250, Pulse(5, 250, 250)), (2, 9_999, Pulse(2, 510, 510))],
)
def test_a_drawer_pulse_is_one_command_of_capped_length(
    pin: int, pulse_ms: int, pulse: Pulse
) -> None:
    reader = EscposReader()
    reader.feed(drawer_pulse(pin, pulse_ms))
    assert reader.pulses == [pulse]
