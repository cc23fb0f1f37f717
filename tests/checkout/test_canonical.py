import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.checkout.canonical import LARGEST_INTEGER, canonical_json, record_hash
from edge.checkout.records import EntryKind

leaves = (
    st.none()
    | st.booleans()
    | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
    | st.text(st.characters(codec="utf-8"))
)
documents = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None]}, '{"a":[true,null],"b":1}'),
        ({"name": "茶 “tea” é"}, '{"name":"茶 “tea” é"}'),
        ({"Z": 0, "a": 0, "é": 0, "_": 0}, '{"Z":0,"_":0,"a":0,"é":0}'),
        ({"tab": "\t", "quote": '"', "slash": "/\\"}, r'{"quote":"\"","slash":"/\\","tab":"\t"}'),
        ({}, "{}"),
        (-5, "-5"),
    ],
)
def test_canonical_form(value: object, text: str) -> None:
    assert canonical_json(value) == text.encode()


@given(documents)
def test_reading_back_gives_the_same_value_and_the_same_bytes(value: object) -> None:
    written = canonical_json(value)
    assert json.loads(written) == value
    assert canonical_json(json.loads(written)) == written


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), leaves, max_size=6))
def test_the_order_of_insertion_does_not_matter(value: dict[str, object]) -> None:
    assert canonical_json(dict(reversed(value.items()))) == canonical_json(value)


@pytest.mark.parametrize("value", [1.0, float("nan"), {"a": [0.5]}, {1: "x"}, {None: 1}, b"x", {1}])
def test_what_has_no_one_spelling_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)


@pytest.mark.parametrize("value", [2**53, -(2**53), "\ud800"])
def test_what_other_readers_would_garble_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"integer beyond|surrogates"):
        canonical_json(value)


def test_a_record_is_hashed_without_its_hash() -> None:
    expected = hashlib.sha256(b'{"a":1,"b":"x"}').hexdigest()
    assert record_hash({"b": "x", "a": 1}) == expected
    assert record_hash({"hash": "anything", "b": "x", "a": 1}) == expected


def test_an_enumerations_member_is_written_as_its_value_among_others() -> None:
    assert canonical_json([EntryKind.SALE, EntryKind.REFUND, 1]) == b'["sale","refund",1]'
