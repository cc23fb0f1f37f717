"""What a scanned code is, apart from any catalogue."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from edge.checkout.goods.barcode import (
    CodeFault,
    EmbeddedCode,
    EmbeddedKind,
    ItemCode,
    LabelLayout,
    canonical,
    check_digit,
    check_digit_holds,
    expand_upc_e,
    is_card_number,
    is_miskeyed,
    luhn_holds,
    parse,
)
from tests.support.playbook import with_check_digit

DIGITS = "0123456789"
LABELS = (
    LabelLayout("21IIIIIVVVVVC", EmbeddedKind.PRICE),
    LabelLayout("22IIIIIVVVVVC", EmbeddedKind.WEIGHT),
    LabelLayout("23IIIIPVVVVVC", EmbeddedKind.PRICE),
)
# Numbers that card schemes publish for tests.
TEST_CARDS = (
    "4111111111111111",
    "4012888888881881",
    "5555555555554444",
    "2223003122003222",
    "378282246310005",
    "6011000990139424",
    "3530111333300000",
    "30569309025904",
    "6200000000000005",
    "4000000000000000006",
)


@pytest.mark.parametrize(
    ("code", "miskeyed"),
    [
        ("4006381333931", False),
        ("4006381333932", True),
        ("4006381333913", True),  # two neighbours swapped
        ("96385075", True),
        ("04252614", False),  # UPC-E
        ("036000291453", True),
        ("10012345678903", True),
        ("TEA-4006381", False),  # no digits
        ("400638133393", True),  # the last digit is missing, and what is left is no UPC-A
        ("1234567", False),  # a number of the shop's own
        ("22123456", False),  # the item of a label, prefix 22
        ("21123456", True),  # this shop's labels of 21 have five digits for it
    ],
)
def test_a_catalogue_s_code_with_another_s_check_digit_is_miskeyed(
    code: str, miskeyed: bool
) -> None:
    layouts = (
        LabelLayout("21IIIIIVVVVVC", EmbeddedKind.PRICE),
        LabelLayout("22IIIIIIVVVVC", EmbeddedKind.WEIGHT),
    )
    assert is_miskeyed(code, layouts) is miskeyed


@pytest.mark.parametrize(
    "code",
    [
        "96385074",  # EAN-8, GS1 General Specifications
        "036000291452",  # UPC-A
        "4006381333931",  # EAN-13
        "9780201379624",  # ISBN as EAN-13
        "10012345678902",  # GTIN-14
    ],
)
def test_published_codes_have_good_check_digits(code: str) -> None:
    assert check_digit_holds(code)
    assert check_digit(code[:-1]) == int(code[-1])
    assert isinstance(parse(code, ()), ItemCode)


@pytest.mark.parametrize(
    ("short", "long"),
    [("04252614", "042100005264"), ("06543217", "065100004327"), ("01234565", "012345000065")],
)
def test_upc_e_expands_as_published(short: str, long: str) -> None:
    assert expand_upc_e(short) == long


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("0123450", "01200000345"),
        ("0123451", "01210000345"),
        ("0123452", "01220000345"),
        ("0123453", "01230000045"),
        ("0123454", "01234000005"),
        ("0123455", "01234500005"),
        ("0123459", "01234500009"),
        ("1123459", "11234500009"),
    ],
)
def test_the_last_digit_of_a_upc_e_says_where_its_zeros_go(short: str, long: str) -> None:
    upc_a = with_check_digit(long)
    check = upc_a[-1]
    assert expand_upc_e(short + check) == upc_a
    assert expand_upc_e(short + str((int(check) + 1) % 10)) is None


def test_a_upc_e_has_number_system_0_or_1() -> None:
    assert expand_upc_e("21234565") is None


@given(st.sampled_from("01"), st.text(DIGITS, min_size=6, max_size=6), st.sampled_from(DIGITS))
def test_what_upc_e_expands_to_is_a_upc_a_with_the_same_check_digit(
    system: str, body: str, check: str
) -> None:
    expanded = expand_upc_e(system + body + check)
    if expanded is not None:
        assert len(expanded) == 12
        assert check_digit_holds(expanded)
        assert expanded[-1] == check
        assert expanded.count("0") >= 4


def test_a_upc_a_and_the_ean_13_that_it_is_are_one_code() -> None:
    assert canonical("036000291452") == "0036000291452"
    assert canonical("036000291453") == "036000291453"
    assert canonical("4006381333931") == "4006381333931"
    assert canonical("00036000291452") == "0036000291452"
    assert canonical("SKU-00000012") == "SKU-00000012"
    assert parse("036000291452", ()) == parse("0036000291452", ())


def test_eight_digits_may_be_an_ean_8_or_a_upc_e() -> None:
    assert parse("96385074", ()) == ItemCode(("96385074", "0000096385074"))
    assert parse("04252614", ()) == ItemCode(("0042100005264",))
    both = next(
        code
        for number in range(1_000_000)
        if check_digit_holds(code := with_check_digit(f"{number:07d}")) and expand_upc_e(code)
    )
    barcode = parse(both, ())
    assert isinstance(barcode, ItemCode)
    assert barcode.candidates[0] == both
    assert barcode.candidates[-1] == canonical(str(expand_upc_e(both)))


def test_a_gtin_14_of_a_single_piece_is_its_ean_13() -> None:
    assert canonical("04006381333931") == "4006381333931"
    assert canonical("04006381333913") == "04006381333913"  # misread, or a number of the shop's
    assert parse("04006381333931", ()) == ItemCode(("4006381333931",))
    assert parse("10012345678902", ()) == ItemCode(("10012345678902",))


@pytest.mark.parametrize("printed", ["4006381333931", "96385074", "036000291452", "04252614"])
@pytest.mark.parametrize("digits", [12, 13, 14])
def test_a_code_that_a_catalogue_pads_with_zeros_is_found_by_what_is_printed(
    printed: str, digits: int
) -> None:
    """Exports of merchandise systems fill every GTIN up to the same length."""
    gtin = expand_upc_e(printed) or printed
    barcode = parse(printed, ())
    assert isinstance(barcode, ItemCode)
    assert canonical(gtin.zfill(digits)) in barcode.candidates


def test_a_label_holds_an_article_and_a_figure() -> None:
    price = with_check_digit("210020201250")
    assert parse(price, LABELS) == EmbeddedCode("2100202", EmbeddedKind.PRICE, 1250)
    weight = with_check_digit("220010100350")
    assert parse(weight, LABELS) == EmbeddedCode("2200101", EmbeddedKind.WEIGHT, 350)
    with_inner_check = with_check_digit("231234901999")
    assert parse(with_inner_check, LABELS) == EmbeddedCode("231234", EmbeddedKind.PRICE, 1999)


def test_a_prefix_without_a_layout_is_an_ordinary_ean_13() -> None:
    code = with_check_digit("290020201250")
    assert parse(code, LABELS) == ItemCode((code,))


def test_a_label_with_a_bad_check_digit_is_a_misread_one() -> None:
    good = with_check_digit("210020201250")
    bad = good[:-1] + str((int(good[-1]) + 1) % 10)
    assert parse(bad, LABELS) is CodeFault.MISREAD


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("", CodeFault.EMPTY),
        ("4006381333930", CodeFault.MISREAD),
        ("400638133393", CodeFault.MISREAD),
        ("96385075", CodeFault.MISREAD),
        ("40063\x0013", CodeFault.MISREAD),
        ("x" * 33, CodeFault.MISREAD),
        ("1\n2", CodeFault.MISREAD),
    ],
)
def test_what_can_be_no_code_is_told_apart(code: str, fault: CodeFault) -> None:
    assert parse(code, LABELS) is fault


@pytest.mark.parametrize("code", ["1", "1001", "SKU-7", "x" * 32, "１２３４５６７８", "茶"])
def test_a_shop_may_give_its_own_codes(code: str) -> None:
    assert parse(code, LABELS) == ItemCode((code,))


@given(st.text(DIGITS, min_size=12, max_size=12), st.integers(0, 12), st.sampled_from(DIGITS))
def test_no_single_wrong_digit_passes_for_an_ean_13(stem: str, place: int, digit: str) -> None:
    good = with_check_digit(stem)
    wrong = good[:place] + digit + good[place + 1 :]
    assume(wrong != good)
    assert parse(wrong, ()) is CodeFault.MISREAD


@given(st.text(DIGITS, min_size=12, max_size=12), st.integers(1, 12))
def test_a_truncated_ean_13_never_names_the_article_unless_its_check_digit_holds(
    stem: str, length: int
) -> None:
    good = with_check_digit(stem)
    for part in (good[:length], good[-length:]):
        barcode = parse(part, ())
        if length not in {8, 12}:
            assert barcode == ItemCode((part,))
        elif barcode is not CodeFault.MISREAD:
            assert isinstance(barcode, ItemCode)
            assert all(check_digit_holds(candidate) for candidate in barcode.candidates)


@pytest.mark.parametrize("number", TEST_CARDS)
@pytest.mark.parametrize(
    "written",
    [
        "{}",
        "%B{}^DOE/JOHN^29121010000000000000?",
        "%b{}^DOE/JOHN^2912?",
        ";{}=29121010000000000000?",
        "{}=2912101",
        "{}?",
    ],
)
def test_card_numbers_and_their_tracks_are_recognised(number: str, written: str) -> None:
    code = written.format(number)
    assert is_card_number(code)
    assert parse(code, LABELS) is CodeFault.CARD_NUMBER


def test_a_card_number_is_recognised_in_groups_too() -> None:
    assert is_card_number("4111 1111 1111 1111")
    assert is_card_number("4111-1111-1111-1111")


@pytest.mark.parametrize(
    "code",
    [
        "4111111111111112",  # Luhn
        "4111111111116",  # 13 digits are an EAN
        "284755662347511007",  # a mobile payment code
        "1234567890123452",  # no scheme begins with 1
        "9999999999999995",
        "2100000000000005",
        "41111111x1111111",
        "%B^2912?",
    ],
)
def test_what_only_looks_like_a_card_number_is_none(code: str) -> None:
    assert not is_card_number(code)


def luhn_valid(stem: str) -> str:
    return next(stem + digit for digit in DIGITS if luhn_holds(stem + digit))


@given(st.sampled_from("3456"), st.text(DIGITS, min_size=12, max_size=17))
@example("4", "111111111111111")
def test_every_number_of_a_card_s_shape_is_refused(first: str, rest: str) -> None:
    number = luhn_valid(first + rest)
    is_gtin_14 = len(number) == 14 and check_digit_holds(number)
    barcode = parse(number, LABELS)
    assert isinstance(barcode, ItemCode) if is_gtin_14 else barcode is CodeFault.CARD_NUMBER


@given(st.integers(2221, 2720), st.text(DIGITS, min_size=11, max_size=11))
def test_cards_of_the_2_series_are_refused(first: int, rest: str) -> None:
    assert parse(luhn_valid(f"{first}{rest}"), LABELS) is CodeFault.CARD_NUMBER
