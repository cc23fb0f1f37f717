"""docs/promotions.md shows and names what the reader takes, and all of it."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from edge.checkout.promotions.sale import NOBODY, CivilTime
from edge.checkout.records import off_bodies, offs_from
from edge.price.promotions import PromotionList
from edge.price.reading import parse_promotions
from tests.support.promotions import MEMBER, basket, run

PAGE = (Path(__file__).parents[2] / "docs" / "promotions.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
LISTS = [example for example in EXAMPLES if example.startswith("[")]
# What is said of a promotion's parts, from the kinds on.
PARTS = PAGE[PAGE.index("## The kinds") : PAGE.index("## Sharing")]
NAMED = set(re.findall(r"`([a-z_]+)`", PARTS))
SHOWN = set(re.findall(r'"([a-z_]+)"', PARTS))


def names_of(schema: Any) -> Iterator[str]:
    """The keys and the kinds of a promotion, however deep."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        yield from (value for key, value in schema.items() if key == "const")
        for each in schema.values():
            yield from names_of(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from names_of(each)


KNOWN = set(names_of(PromotionList.model_json_schema()))


def test_every_list_of_promotions_on_the_page_is_taken() -> None:
    assert len(LISTS) == 2
    for example in LISTS:
        assert parse_promotions(example.encode(), "docs/promotions.md")


def test_what_the_page_shows_of_a_record_is_one() -> None:
    [record] = [json.loads(example) for example in EXAMPLES if example not in LISTS]
    assert off_bodies(offs_from([record])) == [record]


def test_every_key_and_kind_on_the_page_is_known_to_the_reader() -> None:
    assert not NAMED - KNOWN


def test_every_key_and_kind_that_the_reader_takes_is_on_the_page() -> None:
    assert not KNOWN - {*re.findall(r"`([a-z_]+)`", PAGE)} - SHOWN


def test_a_condition_s_row_names_its_own_keys() -> None:
    keys_of = {
        model["properties"]["kind"]["const"]: {*model["properties"]} - {"kind"}
        for model in PromotionList.model_json_schema()["$defs"].values()
        if "kind" in model.get("properties", {})
    }
    rows = re.findall(r"^\| (.*?) \| (.*) \|$", PARTS[PARTS.index("| condition |") :], re.MULTILINE)
    assert len(rows) > 10
    for kinds, words in rows[2:]:
        keys = [keys_of[kind] for kind in re.findall(r"`(.*?)`", kinds)]
        # What may be left out, and means all goods, may be left out there as well.
        assert set().union(*keys) - {"where"} == {*re.findall(r"`(.*?)`", words)} - {"where"}, kinds


def test_the_member_day_doubles_the_points_of_members_on_its_days_alone() -> None:
    promotions = [each.core() for each in parse_promotions(LISTS[-1].encode(), "page")]
    for day, shopper, points, off_minor in (
        (date(2026, 3, 18), MEMBER, 18, 50),
        (date(2026, 3, 18), NOBODY, 0, 0),
        (date(2026, 3, 19), MEMBER, 10, 0),
    ):
        outcome = run(
            promotions,
            basket(("a", 1_000)),
            now=CivilTime(day, 600),
            shopper=shopper,
            minor_per_point=100,
        )
        assert (outcome.points, outcome.off_minor) == (points, off_minor)
