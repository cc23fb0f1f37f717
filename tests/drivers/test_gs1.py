"""GS1 codes as scanners send them: what they say, and what is no such code."""

import string
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.checkout.goods.barcode import check_digit
from edge.checkout.goods.gs1 import Gs1, Gs1Price
from edge.checkout.inputs import BarcodeScanned
from edge.checkout.records import Pack
from edge.drivers.keys import gs1
from edge.drivers.keys.frames import Garbled
from edge.drivers.keys.gs1 import GS
from edge.drivers.keys.scans import UNREADABLE_CODE, ScanModel, Scans
from tests.support.devices import RecordingInbox, SteppedClock

GTIN = "04006381333931"
ITEM = f"01{GTIN}"
NOW_MS = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000)
AIMS = ("", "]d2", "]C1", "]e0", "]Q3", "]J1")
# GS1 General Specifications, figure 7.11-1.
CHARACTERS_82 = string.ascii_letters + string.digits + "!\"%&'()*+,-./:;<=>?_"


def read(text: str) -> Gs1 | None:
    return gs1.read(text, NOW_MS)


def pack(text: str) -> Pack:
    said = read(text)
    assert said is not None
    return said.pack


# --- what it says


@pytest.mark.parametrize("aim", AIMS)
def test_element_strings_are_read_with_and_without_their_symbols_identifier(aim: str) -> None:
    said = read(f"{aim}{ITEM}17261120{'10'}B7{GS}3103001250{'21'}S1")
    assert said == Gs1(
        GTIN, weight_milli=1250, pack=Pack(batch="B7", serial="S1", expires="2026-11-20")
    )


@pytest.mark.parametrize("text", [f"{GS}{ITEM}10B7", f"{ITEM}10B7{GS}", f"]d2{GS}{ITEM}{GS}10B7"])
def test_separators_where_none_is_needed_do_no_harm(text: str) -> None:
    assert read(text) == Gs1(GTIN, pack=Pack(batch="B7"))


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        (f"https://id.gs1.org/01/{GTIN}", Gs1(GTIN)),
        ("https://id.gs1.org/01/4006381333931", Gs1(GTIN)),
        ("HTTP://shop.example/de/goods/01/4006381333931/", Gs1(GTIN)),
        (
            f"https://id.gs1.org/01/{GTIN}/10/B%2F7/21/S1?17=261120&3103=000500&utm=x#top",
            Gs1(GTIN, 500, pack=Pack("B/7", "S1", "2026-11-20")),
        ),
    ],
)
@pytest.mark.parametrize("aim", ["", "]Q1", "]Q3", "]d2", "]d1"])
def test_digital_links_are_read(uri: str, said: Gs1, aim: str) -> None:
    if uri.endswith("/"):
        said = None  # an odd number of segments is no link
    assert read(aim + uri) == said


@pytest.mark.parametrize(
    ("element", "grams"),
    [
        ("3100000002", 2_000),
        ("3101000015", 1_500),
        ("3102000150", 1_500),
        ("3103001500", 1_500),
        ("3104015000", 1_500),
        ("3105150000", 1_500),
        ("3103000000", 0),
        ("3100999999", 999_999_000),
    ],
)
def test_weights_are_exact_whatever_their_decimals(element: str, grams: int) -> None:
    assert read(ITEM + element) == Gs1(GTIN, weight_milli=grams)


@pytest.mark.parametrize("element", ["3104015001", "3105150001"])
def test_a_weight_below_a_gram_is_a_fault(element: str) -> None:
    assert read(ITEM + element) == Gs1(GTIN, odd_weight=True)


@pytest.mark.parametrize(
    ("element", "price"),
    [
        ("3922299", Gs1Price(299, 2)),
        ("39203", Gs1Price(3, 0)),
        ("3923000000000000001", Gs1Price(1, 3)),
        ("3932978299", Gs1Price(299, 2, "978")),
    ],
)
def test_prices_keep_their_decimals_and_their_currency(element: str, price: Gs1Price) -> None:
    assert read(ITEM + element) == Gs1(GTIN, price=price)


def test_a_price_for_a_kilogram_stands_beside_that_of_the_pack() -> None:
    said = read(f"{ITEM}3922299{GS}3952009850")
    assert said == Gs1(GTIN, price=Gs1Price(299, 2), unit_price=Gs1Price(9850, 2))


def test_what_a_till_has_no_use_for_is_left_out() -> None:
    assert read(f"{ITEM}3202000100{'11'}250101") == Gs1(GTIN)
    assert read(f"{ITEM}306{GS}240EXTRA") == Gs1(GTIN, count=6)


def test_dates_of_two_digits_lie_within_fifty_years() -> None:
    assert pack(ITEM + "17750101").expires == "2075-01-01"
    assert pack(ITEM + "17770101").expires == "1977-01-01"
    assert pack(ITEM + "15760101").best_before == "2076-01-01"
    late = int(datetime(2080, 1, 1, tzinfo=UTC).timestamp() * 1000)
    assert gs1.read(ITEM + "17050101", late).pack.expires == "2105-01-01"


def test_a_day_of_zero_is_the_months_last() -> None:
    assert pack(ITEM + "17280200").expires == "2028-02-29"
    assert pack(ITEM + "15261100").best_before == "2026-11-30"


def test_it_may_be_sold_up_to_the_first_of_its_dates() -> None:
    assert pack(ITEM + "16261118" + "17261120").expires == "2026-11-18"
    assert pack(ITEM + "70032611201830").expires == "2026-11-20T18:30"
    assert pack(f"{ITEM}70032611201830{GS}17261119").expires == "2026-11-19"
    # On one day the hour is the earlier end, in whichever order they stand.
    assert pack(f"{ITEM}70032611201830{GS}17261120").expires == "2026-11-20T18:30"
    assert pack(f"{ITEM}1726112070032611201830").expires == "2026-11-20T18:30"


# --- what it is not


@pytest.mark.parametrize(
    "text",
    [
        "",
        "]",
        "]d2",
        "4006381333931",
        "0104006381333932",  # its check digit
        "010400638133393",
        "hello",
        f"]E0{ITEM}",  # no symbol of GS1 element strings
        f"]C0{ITEM}",
        f"]A0https://id.gs1.org/01/{GTIN}",
        "00106141412345678908",  # a pallet
        "]C100106141412345678908",
        f"]C1{'02'}{GTIN}3724",  # what a pallet holds
        f"(01){GTIN}",
        f"{ITEM}99X 1",
        f"{ITEM}XX",
        f"{ITEM}17261320",
        f"{ITEM}17260230",
        f"{ITEM}17000000",
        f"{ITEM}700326112099",
        f"{ITEM}70032611202560",
        f"{ITEM}3103125",
        f"{ITEM}30",  # a count without a figure, which biip lets through
        f"{ITEM}3922",
        f"{ITEM}10{'B' * 25}",  # longer than a batch may be, and no separator
        f"{ITEM}10{'B' * 20}21S",
        f"{ITEM}10A{GS}10B",  # two batches
        f"{ITEM}{'0109520000010010'}",
        f"{ITEM}3103000500{'3102000060'}",
        f"{ITEM}3922100{GS}3932978100",
        f"{ITEM}3952009850{GS}3953009850",
        f"{ITEM}10é",
        f"https://id.gs1.org/01/{GTIN}0",
        "https://id.gs1.org/01/4006381333932",
        "https://news.example/2026/01/17",
        f"https://id.gs1.org/01/{GTIN}/99/x",
        f"https://id.gs1.org/01/{GTIN}?17=999999",
        f"https://id.gs1.org/01/{GTIN}?10=%C3%A9",
        f"https://id.gs1.org/01/{GTIN}?17=261130&17=261231",
        f"https://id.gs1.org/01/{GTIN}?1%37=261130&10=A&17=261231",
        f"https://id.gs1.org/01/{GTIN}?3103=000195&3103=001195",
        f"https://id.gs1.org/01/{GTIN}?17=261130&17=",
        f"https://id.gs1.org/01/{GTIN}?17=",
        f"https://id.gs1.org/01/{GTIN}?17",
        f"https://id.gs1.org/01/{GTIN}/10/A?10=B",
        f"https://[/01/{GTIN}",
        f"ftp://id.gs1.org/01/{GTIN}",
        f"https://id.gs1.org/02/{GTIN}",
    ],
)
def test_everything_else_is_no_code_of_a_trade_item(text: str) -> None:
    assert read(text) is None


def test_the_same_said_twice_is_said_once() -> None:
    assert read(f"{ITEM}10A{GS}10A") == Gs1(GTIN, pack=Pack(batch="A"))
    assert read(f"{ITEM}3103000500{'3102000050'}") == Gs1(GTIN, weight_milli=500)
    link = f"https://id.gs1.org/01/{GTIN}"
    assert read(f"{link}/10/A?10=A&10=A") == Gs1(GTIN, pack=Pack(batch="A"))
    # What is no number belongs to whoever is behind the address.
    assert read(f"{link}?10=A&utm=x&utm=&utm=y") == Gs1(GTIN, pack=Pack(batch="A"))


# --- anything at all


@given(st.text(max_size=200) | st.text(string.printable, max_size=200))
def test_no_text_upsets_it(text: str) -> None:
    for aim in (*AIMS, ITEM, f"]d2{ITEM}", "https://id.gs1.org/01/4006381333931"):
        check(read(aim + text))


ELEMENTS = st.sampled_from(
    [
        ITEM,
        GS,
        "10",
        "21",
        "17",
        "15",
        "16",
        "7003",
        "30",
        "37",
        "3103",
        "3105",
        "3922",
        "3932",
        "3952",
        "8",
    ]
) | st.text(string.digits, max_size=12)


@given(st.lists(ELEMENTS, max_size=12).map("".join), st.integers(0, 2**45))
def test_nothing_that_looks_like_it_upsets_it(text: str, utc_ms: int) -> None:
    for aim in AIMS:
        check(gs1.read(aim + text, utc_ms))
    check(gs1.read(ITEM + text, utc_ms))


def check(said: Gs1 | None) -> None:
    """Bounded, whatever it was read from."""
    if said is None:
        return
    assert len(said.gtin) == 14
    assert said.gtin.isdecimal()
    assert said.gtin[-1] == str(check_digit(said.gtin[:-1]))
    assert said.weight_milli is None or 0 <= said.weight_milli <= 999_999_000
    assert said.count is None or 0 <= said.count < 10**8
    assert said.price is None or (0 <= said.price.amount < 10**15 and said.price.decimals <= 9)
    for text, longest in (
        (said.pack.batch, 20),
        (said.pack.serial, 20),
        (said.pack.expires, 16),
        (said.pack.best_before, 10),
    ):
        assert len(text) <= longest
        assert text.isascii()
        assert not text or text.isprintable()


@given(
    st.text(CHARACTERS_82, min_size=1, max_size=20),
    st.integers(0, 999_999),
    st.integers(0, 5),
    st.dates(date(2000, 1, 1), date(2060, 12, 31)),
)
def test_what_is_printed_is_what_is_read(batch: str, weight: int, decimals: int, day: date) -> None:
    said = read(f"{ITEM}17{day:%y%m%d}310{decimals}{weight:06}10{batch}")
    assert said is not None
    assert said.pack == Pack(batch=batch, expires=day.isoformat())
    exact, rest = divmod(weight * 1000, 10**decimals)
    assert said.weight_milli == (None if rest else exact)


# --- from the frame to the inbox


def scanned(frame: str | Garbled, **settings: object) -> BarcodeScanned:
    inbox = RecordingInbox()
    scans = Scans(ScanModel(**settings), inbox, SteppedClock())
    assert scans.offer(frame)
    (scan,) = inbox.of(BarcodeScanned)
    return scan


def test_a_frame_becomes_a_scan_with_what_it_says() -> None:
    scan = scanned(f"F]d2{ITEM}10B7", prefix="F")
    assert (scan.code, scan.gs1) == (f"{ITEM}10B7", Gs1(GTIN, pack=Pack(batch="B7")))
    assert scanned("]E04006381333931").code == "4006381333931"
    assert scanned("4006381333931").gs1 is None


def test_an_identifier_that_is_kept_still_tells_what_the_code_is() -> None:
    scan = scanned(f"]d2{ITEM}", strip_aim_id=False)
    assert (scan.code, scan.gs1) == (f"]d2{ITEM}", Gs1(GTIN))


def test_a_scanner_that_sends_another_character_for_the_separator_is_understood() -> None:
    scan = scanned(f"{ITEM}10B7|21S1", fnc1="|")
    assert scan.gs1 == Gs1(GTIN, pack=Pack("B7", "S1"))
    assert scan.code == f"{ITEM}10B7|21S1"
    assert scanned("A|B", fnc1="|").code == "A|B"


def test_a_garbled_frame_is_counted_and_offered_as_unreadable() -> None:
    scans = Scans(ScanModel(), inbox := RecordingInbox(), SteppedClock())
    assert scans.offer(Garbled())
    assert (scans.garbled, inbox.of(BarcodeScanned)[0].code) == (1, UNREADABLE_CODE)
    inbox.full = True
    assert not scans.offer("1")


def test_no_scan_shows_in_a_text() -> None:
    shown = repr(scanned(f"{ITEM}10SECRET"))
    assert GTIN not in shown
    assert "SECRET" not in shown


IMPORTS = """
import sys
from edge.drivers.keys import gs1
from edge.drivers import registry
gs1.read("4006381333931", 0)
assert "biip" not in sys.modules
gs1.load()
assert "biip" in sys.modules
"""


def test_a_till_without_such_codes_does_not_import_what_reads_them() -> None:
    subprocess.run([sys.executable, "-c", IMPORTS], check=True)


async def test_a_scanner_that_opens_has_the_reader_at_hand() -> None:
    await Scans(ScanModel(), RecordingInbox(), SteppedClock()).ready()
    assert "biip.gs1_messages" in sys.modules
