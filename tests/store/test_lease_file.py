import json
from base64 import b64encode
from pathlib import Path

import pytest

from edge.checkout.balances.accounts import MOST_MOVED
from edge.checkout.canonical import canonical_json
from edge.store.lease_file import LeasesRefused, read_leases
from edge.wire.leases import SIGNED_AS, signed_lease
from tests.support.loyalty import FORGERS_KEY, GIFT_CARD, HQ_KEY, POINTS, PUBLIC_KEY, lease_of

PLAIN = lease_of(POINTS, 100).model_dump(mode="json")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "leases.jsonl"


def refusal(path: Path, *lines: str | bytes, keys: tuple[bytes, ...] = ()) -> list[str]:
    path.write_bytes(b"\n".join(x.encode() if isinstance(x, str) else x for x in lines))
    with pytest.raises(LeasesRefused) as refused:
        read_leases(path, keys)
    return str(refused.value).replace(str(path), "leases").splitlines()


def test_plain_leases_with_their_rows(path: Path) -> None:
    other = lease_of(GIFT_CARD, 500, "L-2")
    path.write_text(f"{json.dumps(PLAIN)}\n\n{other.model_dump_json()}\n", encoding="utf-8")
    assert read_leases(path) == ((1, lease_of(POINTS, 100)), (3, other))


def test_signed_leases(path: Path) -> None:
    lease = lease_of(POINTS, 100)
    path.write_bytes(signed_lease(HQ_KEY, lease) + b"\n")
    assert read_leases(path, [PUBLIC_KEY]) == ((1, lease),)


def test_what_a_newer_headquarters_writes_beside_a_signed_lease_is_read_over(path: Path) -> None:
    """Nobody signed it, so it can mean nothing: the name of a key, say, or a second signature."""
    lease = lease_of(POINTS, 100)
    line = {**json.loads(signed_lease(HQ_KEY, lease)), "key": "2027"}
    path.write_text(json.dumps(line), encoding="utf-8")
    assert read_leases(path, [PUBLIC_KEY]) == ((1, lease),)


def test_a_lease_with_a_condition_that_nobody_here_knows_is_refused(path: Path) -> None:
    """Signed as it is: without the condition it would be more than headquarters gave."""
    content = {**PLAIN, "only_on": "sunday"}
    signature = HQ_KEY.sign(SIGNED_AS + canonical_json(content))
    line = json.dumps({"lease": content, "signature": b64encode(signature).decode()})
    assert refusal(path, line, keys=(PUBLIC_KEY,)) == [
        "leases: row 1: only_on: Extra inputs are not permitted"
    ]


def test_with_a_key_nothing_unsigned_or_forged_is_taken(path: Path) -> None:
    good = signed_lease(HQ_KEY, lease_of(POINTS, 100)).decode()
    lines = (
        good,
        json.dumps(PLAIN),
        signed_lease(FORGERS_KEY, lease_of(POINTS, 100)).decode(),
        good.replace('"amount":100', '"amount":101'),
        json.dumps({"lease": PLAIN, "signature": "?"}),
        json.dumps({"lease": {"amount": 1.5}, "signature": ""}),
        json.dumps({"lease": PLAIN, "signature": 7}),
        "[]",
    )
    assert refusal(path, *lines, keys=(PUBLIC_KEY,)) == [
        "leases: row 2: is not signed",
        "leases: row 3: the signature is not headquarters'",
        "leases: row 4: the signature is not headquarters'",
        "leases: row 5: the signature can't be read",
        "leases: row 6: the signature can't be read",
        "leases: row 7: the signature can't be read",
        "leases: row 8: is not signed",
    ]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"amount": 0}, "amount: Input should be greater than or equal to 1"),
        ({"amount": MOST_MOVED + 1}, f"amount: Input should be less than or equal to {MOST_MOVED}"),
        ({"amount": "5"}, "amount: Input should be a valid integer"),
        ({"kind": "gold"}, "kind: Input should be 'points', 'stored_value', 'coupon'"),
        ({"expires_on": "2023-02-30"}, "expires_on: "),
        ({"holder": "138 1234"}, "holder: String should match pattern"),
        ({"epoch": 0}, "epoch: "),
        ({"extra": 1}, "extra: Extra inputs are not permitted"),
    ],
)
def test_the_file_is_refused_whole_with_row_and_reason(
    path: Path, changed: dict[str, object], reason: str
) -> None:
    (line,) = refusal(path, json.dumps(PLAIN), json.dumps({**PLAIN, **changed}))
    assert line.startswith(f"leases: row 2: {reason}")


def test_no_refusal_shows_what_stood_there(path: Path) -> None:
    lines = refusal(path, "not json: 王小明", json.dumps({**PLAIN, "holder": "王小明"}), '"王小明"')
    assert len(lines) == 3
    assert not any("王" in line for line in lines)


def test_a_file_without_leases_and_one_without_end(path: Path) -> None:
    assert refusal(path, "", "") == ["leases: no leases in it"]
    assert len(refusal(path, *["{"] * 100)) == 20


def test_a_file_that_is_too_large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)
    with pytest.raises(LeasesRefused, match="more than 67108864 bytes"):
        read_leases(path)


@pytest.mark.parametrize("amount", ["9" * 5_000, "[" * 5_000 + "]" * 5_000, "[" * 90_000])
def test_what_the_reader_itself_gives_up_on_is_refused_without_its_content(
    path: Path, amount: str
) -> None:
    assert refusal(path, json.dumps(PLAIN), f'{{"amount":{amount}}}') == [
        "leases: row 2: is not JSON"
    ]


@pytest.mark.parametrize("depth", [300, 500, 900])
def test_a_signed_lease_that_is_nested_deep_is_refused(path: Path, depth: int) -> None:
    deep = "[" * depth + "]" * depth
    line = f'{{"lease":{deep},"signature":""}}'
    assert len(refusal(path, line, keys=(PUBLIC_KEY,))) == 1
