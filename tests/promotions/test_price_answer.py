"""`edge price REQUEST.json`: what it answers, to whom, and its schemas."""

import json
from pathlib import Path
from typing import Any

import pytest

from edge.price.pricing import price
from edge.price.reading import parse_request
from edge.price.response import PriceResponse
from edge.price.run import run_price
from edge.price.schemas import SCHEMAS, schema_text
from tests.promotions.test_price_request import TENTH, offer, request_with

FOLDER = Path(__file__).parents[2] / "docs/schemas"
EXAMPLE = FOLDER / "price-request.example.json"


def answer(**changes: object) -> PriceResponse:
    return price(parse_request(json.dumps(request_with(**changes)).encode(), "r.json"))


def example(**changes: object) -> PriceResponse:
    whole = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    return price(parse_request(json.dumps({**whole, **changes}).encode(), "r.json"))


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schemas_are_those_of_today(name: str) -> None:
    """`python -m edge.price.schemas docs/schemas` brings them up to date."""
    assert (FOLDER / name).read_text(encoding="utf-8") == schema_text(SCHEMAS[name])


def test_every_reference_in_the_schemas_leads_somewhere() -> None:
    for model in SCHEMAS.values():
        text = schema_text(model)
        references = {part.split('"')[0] for part in text.split('"$ref": "')[1:]}
        assert references
        for reference in references:
            assert reference.removeprefix("#/$defs/") in json.loads(text)["$defs"]


def test_the_example_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_price(EXAMPLE) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    found = json.loads(printed.out)
    assert found["totals"] == {
        "gross_minor": 5_234,
        "off_minor": 1_365,
        "net_minor": 3_869,
        "tax_minor": 574,
        "total_minor": 3_869,
    }
    assert [(each["promotion"], each["off_minor"]) for each in found["discounts"]] == [
        ("fair-tenth", 40),
        ("noon-apples", 85),
        ("cola-3-for-2", 250),
        ("lamp-and-bulb", 490),
        ("spend-40", 500),
    ]
    assert found["points"] == {
        "base": 37,
        "bonus": [
            {
                "promotion": "monday-double",
                "name": "Double points on Mondays",
                "points": 37,
                "lines": [1, 3, 4, 5, 6],
            }
        ],
        "total": 74,
    }
    assert [(each["promotion"], each["text"]) for each in found["gifts"]] == [
        ("bag", "hand over 1 and scan it: it costs nothing")
    ]
    assert found["proven"] is True


def test_a_refused_request_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "r.json"
    path.write_text(json.dumps(request_with(version=3)), encoding="utf-8")
    assert run_price(path) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", f"{path}: version: Input should be 1, not 3\n")


def test_lines_discounts_taxes_and_totals_add_up() -> None:
    for mode in ("included", "excluded"):
        found = example(tax_mode=mode)
        totals = found.totals
        assert totals.gross_minor - totals.off_minor == totals.net_minor
        assert totals.off_minor == sum(each.off_minor for each in found.discounts)
        assert totals.tax_minor == sum(each.tax_minor for each in found.taxes)
        added = totals.tax_minor if mode == "excluded" else 0
        assert totals.total_minor == totals.net_minor + added
        paid = [units * minor for line in found.lines for units, minor in line.paid]
        assert sum(paid) == totals.total_minor
        for line in found.lines:
            assert sum(each.off_minor for each in line.discounts) == line.off_minor
            assert line.gross_minor - line.off_minor == line.net_minor


def test_a_line_is_paid_in_runs_a_minor_unit_apart() -> None:
    found = example()
    assert found.lines[0].paid == ((2, 166), (2, 165))


def why(found: PriceResponse) -> dict[str, tuple[str, str]]:
    return {each.promotion: (each.why.value, each.text) for each in found.missed}


def test_each_promotion_that_did_not_apply_says_why() -> None:
    assert why(example()) == {
        "drinks-30-cents": ("beaten", "fair-tenth saves more on the same, or came first"),
        "spring": ("coupon", "its coupon was not presented"),
    }


MEMBER_ONLY = [{"kind": "member"}]


@pytest.mark.parametrize(
    ("promotion", "expected"),
    [
        (
            offer(TENTH, where={"kind": "products", "plus": ["k"]}),
            ("goods", "none of its goods are in the basket"),
        ),
        (offer(TENTH, conditions=MEMBER_ONLY), ("member", "for members")),
        (
            offer(
                TENTH,
                conditions=[
                    {
                        "kind": "not",
                        "condition": {
                            "kind": "all",
                            "conditions": [{"kind": "spend", "spend_minor": 1}],
                        },
                    }
                ],
            ),
            ("excluded", "a condition excludes it"),
        ),
        (
            offer(TENTH, conditions=[{"kind": "spend", "spend_minor": 2250}]),
            ("spend", "spend 12.50 more"),
        ),
        (
            offer(TENTH, conditions=[{"kind": "quantity", "quantity_milli": 1350}]),
            ("quantity", "0.350 more of its goods"),
        ),
        (
            offer(TENTH, conditions=[{"kind": "weekdays", "days": [2]}]),
            ("time", "not at this time"),
        ),
        (
            offer(TENTH, conditions=[{"kind": "month_days", "days": [8, 18, 28]}]),
            ("time", "not at this time"),
        ),
        (
            offer(TENTH, conditions=[{"kind": "tiers", "tiers": ["x"]}]),
            ("tier", "not for this tier"),
        ),
        (
            offer(TENTH, conditions=[{"kind": "segments", "segments": ["x"]}]),
            ("segment", "not for this segment"),
        ),
        (offer(TENTH, limits={"in_all": 0}), ("limit", "the limit of its uses is reached")),
        (
            offer({"kind": "fixed_price", "price_minor": 1000}),
            ("no_saving", "it would take nothing off"),
        ),
        (offer({"kind": "cheapest_free", "buy": 2, "free": 1}), ("units", "2 more of its goods")),
        (offer({"kind": "points_times", "rate_bp": 20000}), ("member", "for members")),
    ],
)
def test_the_words_for_it(promotion: dict[str, Any], expected: tuple[str, str]) -> None:
    assert why(answer(promotions=[promotion])) == {"p": expected}


def test_points_without_a_rule_for_them() -> None:
    found = answer(
        promotions=[offer({"kind": "points_times", "rate_bp": 20000})], member={"id": "m"}
    )
    assert why(found) == {"p": ("no_saving", "it would take nothing off")}
    assert found.points.total == 0


def test_a_coupon_and_what_was_used_come_with_the_request() -> None:
    on_coupon = offer(TENTH, conditions=[{"kind": "coupon", "coupon": "c"}], limits={"in_all": 3})
    assert answer(promotions=[on_coupon], coupons=["c"]).totals.off_minor == 100
    spent = answer(promotions=[on_coupon], coupons=["c"], used={"p": {"in_all": 3}})
    assert spent.totals.off_minor == 0


def test_a_price_keyed_by_hand_and_goods_by_weight() -> None:
    found = answer(basket=[{"plu": "a", "price_minor": 1}, {"plu": "k", "quantity_milli": 350}])
    assert [line.gross_minor for line in found.lines] == [1, 175]
    assert [line.quantity_milli for line in found.lines] == [1_000, 350]


def test_several_uses_in_words() -> None:
    found = answer(
        promotions=[offer({"kind": "cheapest_free", "buy": 1, "free": 1})],
        basket=[{"plu": "a", "quantity_milli": 3000}, {"plu": "a"}],
    )
    assert found.discounts[0].text == "2 times: 3 units of line 1, 1 unit of line 2: 20.00 off"
    once = answer(promotions=[offer(TENTH)])
    assert once.discounts[0].text == "once: 1 unit of line 1: 1.00 off"
