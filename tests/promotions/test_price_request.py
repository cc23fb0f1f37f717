"""A price request is taken whole or refused whole, with row, place and reason of each error."""

import json
from pathlib import Path
from typing import Any

import pytest

from edge.checkout.money import MAX_AMOUNT_MINOR
from edge.price.reading import (
    LISTED_ERRORS,
    PriceRefused,
    parse_promotions,
    parse_request,
    read_request,
)

Json = dict[str, Any]


def request_with(**changes: object) -> Json:
    """A small sound request, with some of its fields replaced."""
    return {
        "version": 1,
        "currency": "EUR",
        "tax_rates": [{"code": "A", "rate_bp": 1900}],
        "now": "2026-03-02T10:00",
        "products": [
            {"plu": "a", "name": "Apple juice", "price_minor": 1000, "tax_code": "A"},
            {"plu": "k", "name": "Kiwis", "price_minor": 500, "tax_code": "A", "unit": "kg"},
        ],
        "basket": [{"plu": "a"}],
        **changes,
    }


def offer(benefit: Json, **more: object) -> Json:
    return {"id": "p", "benefit": benefit, **more}


def refused(request: object) -> tuple[str, ...]:
    content = request if isinstance(request, bytes) else json.dumps(request).encode()
    with pytest.raises(PriceRefused) as caught:
        parse_request(content, "r.json")
    return caught.value.lines


TENTH = {"kind": "percent", "rate_bp": 1000}
NO_DAY = "2026-02-30T10:00"
SELECTIONS = [
    {"kind": "everything"},
    {"kind": "products", "plus": ["a"]},
    {"kind": "categories", "names": ["c"]},
    {"kind": "tags", "names": ["t"]},
    {"kind": "each_of", "selections": [{"kind": "everything"}]},
    {"kind": "any_of", "selections": [{"kind": "everything"}]},
    {"kind": "except", "selection": {"kind": "everything"}},
]
CONDITIONS = [
    {"kind": "window", "from": "2026-01-01T00:00", "until": "2026-12-31T23:59"},
    {"kind": "window"},
    {"kind": "weekdays", "days": [1, 7]},
    {"kind": "month_days", "days": [1, 31]},
    {"kind": "hours", "from_minute": 1320, "before_minute": 120},
    {"kind": "member"},
    {"kind": "tiers", "tiers": ["gold"]},
    {"kind": "segments", "segments": ["s"]},
    {"kind": "coupon", "coupon": "c"},
    {"kind": "spend", "spend_minor": 1000},
    {"kind": "quantity", "quantity_milli": 1000, "where": {"kind": "everything"}},
    {"kind": "all", "conditions": [{"kind": "member"}]},
    {"kind": "any", "conditions": [{"kind": "member"}]},
    {"kind": "not", "condition": {"kind": "member"}},
]
BENEFITS = [
    TENTH,
    {"kind": "amount", "off_minor": 10},
    {"kind": "fixed_price", "price_minor": 10},
    {"kind": "nth_item", "nth": 2, "cut": {"kind": "percent", "rate_bp": 5000}},
    {"kind": "nth_item", "nth": 2, "cut": {"kind": "price", "price_minor": 1}},
    {"kind": "cheapest_free", "buy": 2, "free": 1},
    {"kind": "buy_get", "buy": 1, "get": 1, "get_where": {"kind": "everything"}},
    {"kind": "bundle", "slots": [{"where": {"kind": "everything"}}], "price_minor": 1},
    {"kind": "gift"},
    {"kind": "order_percent", "rate_bp": 10000, "most_minor": 500},
    {"kind": "order_amount", "off_minor": 10},
    {"kind": "spend_once", "spend_minor": 100, "off_minor": 10},
    {"kind": "spend_every", "spend_minor": 100, "off_minor": 10},
    {"kind": "points_times", "rate_bp": 20000},
]


@pytest.mark.parametrize("benefit", BENEFITS, ids=lambda benefit: benefit["kind"])
def test_each_kind_is_taken(benefit: Json) -> None:
    request = request_with(promotions=[offer(benefit, conditions=CONDITIONS)])
    parsed = parse_request(json.dumps(request).encode(), "r.json")
    core = parsed.promotions[0].core()
    assert (core.id, len(core.conditions)) == ("p", len(CONDITIONS))


@pytest.mark.parametrize("where", SELECTIONS, ids=lambda where: where["kind"])
def test_each_selection_is_taken(where: Json) -> None:
    request = request_with(promotions=[offer(TENTH, where=where)])
    assert parse_request(json.dumps(request).encode(), "r.json").promotions[0].core().where


def test_a_flash_sale_is_taken_with_an_end_and_a_number() -> None:
    flash = {"kind": "flash_sale", "price_minor": 500}
    window = {"kind": "window", "until": "2026-03-02T12:00"}
    whole = offer(flash, conditions=[window], limits={"in_all": 5})
    assert parse_request(json.dumps(request_with(promotions=[whole])).encode(), "r.json")
    reason = "a flash sale needs a window with an end, and limits.in_all"
    for lacking in (
        offer(flash, conditions=[window]),
        offer(flash, limits={"in_all": 5}),
        offer(flash, conditions=[{"kind": "window"}], limits={"in_all": 5}),
    ):
        assert refused(request_with(promotions=[lacking])) == (
            f"r.json: promotions row 1 (p): {reason}",
        )


@pytest.mark.parametrize(
    ("benefit", "place", "reason"),
    [
        (
            {"kind": "percent", "rate_bp": 10_001},
            "percent.rate_bp",
            "Input should be less than or equal to 10000, not 10001",
        ),
        (
            {"kind": "percent", "rate_bp": 0},
            "percent.rate_bp",
            "Input should be greater than or equal to 1, not 0",
        ),
        (
            {"kind": "percent", "rate_bp": 10.5},
            "percent.rate_bp",
            "Input should be a valid integer, not 10.5",
        ),
        (
            {"kind": "percent", "rate_bp": True},
            "percent.rate_bp",
            "Input should be a valid integer, not true",
        ),
        (
            {"kind": "amount", "off_minor": MAX_AMOUNT_MINOR + 1},
            "amount.off_minor",
            "Input should be less than or equal to 99999999999, not 100000000000",
        ),
        (
            {"kind": "bundle", "slots": [], "price_minor": 1},
            "bundle.slots",
            "needs at least 1",
        ),
        (
            {"kind": "bundle", "slots": [{"units": 1}], "price_minor": 1},
            "bundle.slots[0].where",
            "is missing",
        ),
        (
            {"kind": "gift", "units": 25},
            "gift.units",
            "Input should be less than or equal to 24, not 25",
        ),
    ],
)
def test_a_malformed_benefit(benefit: Json, place: str, reason: str) -> None:
    assert refused(request_with(promotions=[offer(benefit)])) == (
        f"r.json: promotions row 1 (p), benefit.{place}: {reason}",
    )


@pytest.mark.parametrize(
    ("promotion", "line"),
    [
        (
            offer(BENEFITS[7], where={"kind": "tags", "names": ["t"]}),
            " (p): a bundle's goods are those of its slots: where is not for it",
        ),
        (offer(TENTH, colour="red"), " (p), colour: is not known here"),
        (
            offer(TENTH, conditions=[{"kind": "window", "until": NO_DAY}]),
            f' (p), conditions[0].window.until: the calendar has no such day, not "{NO_DAY}"',
        ),
        ({"benefit": TENTH}, ", id: is missing"),
        ("nonsense", ': Input should be an object, not "nonsense"'),
    ],
)
def test_a_malformed_promotion(promotion: object, line: str) -> None:
    assert refused(request_with(promotions=[promotion])) == (f"r.json: promotions row 1{line}",)


def test_an_unknown_kind_names_those_that_there_are() -> None:
    [line] = refused(request_with(promotions=[offer({"kind": "lottery"})]))
    assert line.startswith(
        "r.json: promotions row 1 (p), benefit: there is no kind 'lottery', but "
    )
    assert "'percent'" in line


def test_one_bad_row_refuses_all_and_says_which() -> None:
    rows = [offer(TENTH, id=f"p{number}") for number in range(5)]
    rows[3] = offer({"kind": "percent", "rate_bp": -5}, id="p3")
    [line] = refused(request_with(promotions=rows))
    assert line.startswith("r.json: promotions row 4 (p3), benefit.percent.rate_bp: ")


def test_the_first_twenty_errors_are_listed() -> None:
    rows = [offer({"kind": "percent", "rate_bp": 0}, id=f"p{number}") for number in range(50)]
    assert len(refused(request_with(promotions=rows))) == LISTED_ERRORS
    doubled = [offer(TENTH, id="p") for _ in range(50)]
    assert len(refused(request_with(promotions=doubled))) == LISTED_ERRORS


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"version": 2}, "version: Input should be 1, not 2"),
        (
            {"promotions": [offer(TENTH), offer(TENTH)]},
            "promotions row 2 (p), id: stands in row 1 already",
        ),
        (
            {"products": [{"plu": "a", "name": "A", "price_minor": 1, "tax_code": "A"}] * 2},
            "products row 2 (a), plu: stands in row 1 already",
        ),
        (
            {"tax_rates": [{"code": "A", "rate_bp": 1}] * 2},
            "tax_rates row 2 (A), code: stands in row 1 already",
        ),
        (
            {"products": [{"plu": "a", "name": "A", "price_minor": 1, "tax_code": "Z"}]},
            "products row 1 (a), tax_code: no rate Z",
        ),
        ({"basket": [{"plu": "x"}]}, "basket row 1 (x), plu: no such product"),
        (
            {"basket": [{"plu": "a", "quantity_milli": 1500}]},
            "basket row 1 (a), quantity_milli: 1500 is no whole number of pieces",
        ),
        (
            {"basket": [{"plu": "a", "quantity_milli": 0}]},
            "basket row 1 (a), quantity_milli: Input should be greater than or equal to 1, not 0",
        ),
        (
            {"basket": [{"plu": "a", "price_minor": -1}]},
            "basket row 1 (a), price_minor: Input should be greater than or equal to 0, not -1",
        ),
        ({"now": "10:00"}, 'now: should be a time such as 2026-03-02T10:00, not "10:00"'),
        ({"currency": "XXX"}, "currency: should be one of CNY, "),
        ({"basket": []}, "basket: needs at least 1"),
    ],
)
def test_the_rest_of_a_request(changes: Json, line: str) -> None:
    [found] = refused(request_with(**changes))
    assert found.startswith(f"r.json: {line}")


@pytest.mark.parametrize(
    ("promotion", "reason"),
    [
        (
            offer(TENTH, conditions=[{"kind": "weekdays", "days": []}]),
            "conditions[0].weekdays.days: needs at least 1",
        ),
        (
            offer(TENTH, conditions=[{"kind": "month_days", "days": 8}]),
            "conditions[0].month_days.days: should be a list, not 8",
        ),
        (
            offer(TENTH, conditions=[{"kind": "month_days", "days": [32]}]),
            "conditions[0].month_days.days[0]: Input should be less than or equal to 31, not 32",
        ),
        (offer(TENTH, conditions=[{"days": [8]}]), "conditions[0]: kind is missing"),
        (offer(TENTH, where={"kind": 3}), "where: there is no kind '3', but 'everything', "),
        (offer(TENTH, conditions=[{"kind": "member"}] * 21), "conditions: takes at most 20"),
        (offer(TENTH, where=[]), "where: "),
    ],
)
def test_what_is_wrong_is_said_of_the_file_and_not_of_its_reader(
    promotion: Json, reason: str
) -> None:
    [line] = refused(request_with(promotions=[promotion]))
    assert line.startswith(f"r.json: promotions row 1 (p), {reason}")
    for word in ("Frozenset", "Tuple", "validation", "discriminator", "pattern", "valid array"):
        assert word not in line


def test_a_name_with_a_space_at_its_end_is_refused_in_words() -> None:
    [line] = refused(request_with(promotions=[offer(TENTH, id="p ")]))
    assert line.endswith('id: should be one line without a space at either end, not "p "')


@pytest.mark.parametrize("prefix", ["tier:", "segment:", "coupon:", "manual:"])
def test_an_id_of_the_tills_own_is_refused_as_in_the_shops_file(prefix: str) -> None:
    """What was tried here is copied into that file as it stands."""
    promotions = [offer(TENTH, id=f"{prefix}x")]
    reason = f"promotions row 1 ({prefix}x), id: what begins with {prefix} is the till's"
    assert refused(request_with(promotions=promotions)) == (f"r.json: {reason}",)
    with pytest.raises(PriceRefused, match=f"id: what begins with {prefix} is the till's"):
        parse_promotions(json.dumps(promotions).encode(), "promotions.json")


def test_amounts_that_overflow() -> None:
    dear = {"plu": "a", "quantity_milli": 9_999_000, "price_minor": 9_999_999}
    assert parse_request(json.dumps(request_with(basket=[dear])).encode(), "r.json")
    assert refused(request_with(basket=[dear, dear])) == (
        "r.json: basket: 199979980002 minor units are more than 99999999999",
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is not JSON: "),
        (b"{", "is not JSON: "),
        (b"\xff\xfe", "is not JSON: "),
        (b"[" * 100_000, "is not JSON: "),
        (b'{"version": 1, "version": 1}', '"version" stands twice in one object'),
        (b"[]", "Input should be an object"),
        (b'{"version": NaN}', ""),
    ],
)
def test_no_request_at_all(content: bytes, reason: str) -> None:
    assert refused(content)[0].startswith(f"r.json: {reason}")


def test_conditions_nested_without_end() -> None:
    condition: Json = {"kind": "member"}
    for _ in range(300):
        condition = {"kind": "not", "condition": condition}
    assert refused(request_with(promotions=[offer(TENTH, conditions=[condition])]))


def test_a_long_value_is_shown_in_part() -> None:
    [line] = refused(request_with(currency="E" * 500))
    assert line.endswith(', not "' + "E" * 39 + "...")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PriceRefused, match="No such file"):
        read_request(tmp_path / "none.json")


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "r.json"
    path.write_text(json.dumps(request_with()), encoding="utf-8")
    assert read_request(path).basket
    monkeypatch.setattr("edge.price.reading.LARGEST_FILE_BYTES", 10)
    with pytest.raises(PriceRefused, match="larger than 10 bytes"):
        read_request(path)
