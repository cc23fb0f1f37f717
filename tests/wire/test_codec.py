import json
from random import Random
from typing import Any

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from edge.wire.codec import JSON, MAX_JSON_BYTES, MAX_WIRE_BYTES, ZSTD_JSON, Payload, decode, encode
from edge.wire.errors import WireError
from edge.wire.messages import (
    Ack,
    Birth,
    answer_reader,
    batch_reader,
    health_reader,
    state_reader,
)
from tests.support.records import batch_of, record_with

BIRTH = {
    "v": 1,
    "status": "online",
    "boot": "boot-1",
    "epoch": 1,
    "last_seq": 7,
    "acked_epoch": 1,
    "acked_through": 5,
    "versions": {"edge": "0.1.0"},
    "clock": "synced",
}
HEALTH = {
    "v": 1,
    "at": 1,
    "boot": "boot-1",
    "clock": "synced",
    "uptime_s": 1,
    "memory_bytes": 1,
    "online": True,
    "lost_inputs": 0,
    "unprinted": 0,
    "store": {"path": "/till.db", "epoch": 1, "last_seq": 1, "unsent": 0, "free_bytes": 1},
    "devices": [{"name": "epson", "kind": "printer", "state": "ready", "since": 1}],
}
ACK = {"v": 1, "status": "ack", "epoch": 1, "through": 5, "hash": "a" * 64}


def as_json(value: Any) -> Payload:
    return Payload(json.dumps(value).encode(), JSON)


def test_a_small_message_is_plain_json() -> None:
    payload = encode(Ack(epoch=1, through=5, hash="a" * 64))
    assert payload.content_type == JSON
    assert json.loads(payload.body) == ACK


def test_a_large_message_is_compressed_and_says_so() -> None:
    batch = batch_of(record_with({"text": "x" * 5_000}))
    payload = encode(batch)
    assert payload.content_type == ZSTD_JSON
    assert len(payload.body) < 1_000
    assert decode(batch_reader(), payload) == batch


@settings(deadline=None)
@given(
    st.dictionaries(
        st.text(max_size=8),
        st.recursive(
            st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20),
            lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
            max_leaves=20,
        ),
        max_size=6,
    )
)
def test_whatever_a_record_holds_comes_back_the_same(body: dict[str, Any]) -> None:
    batch = batch_of(record_with(body))
    assert decode(batch_reader(), encode(batch)) == batch


def test_a_message_that_does_not_fit_is_not_sent() -> None:
    random = Random(1)
    noise = "".join(chr(random.randrange(0x4E00, 0x9FA5)) for _ in range(60_000))
    with pytest.raises(WireError, match="at most 65536"):
        encode(batch_of(record_with({"text": noise})))


def test_a_message_that_unpacks_too_large_is_not_sent() -> None:
    with pytest.raises(WireError, match="at most 1048576"):
        encode(batch_of(record_with({"text": "x" * MAX_JSON_BYTES})))


def test_an_oversized_message_is_refused_unread() -> None:
    with pytest.raises(WireError, match="oversized: 65537 bytes"):
        decode(answer_reader(), Payload(b" " * (MAX_WIRE_BYTES + 1), JSON))


def test_a_decompression_bomb_is_refused() -> None:
    bomb = zstandard.compress(b" " * (64 * MAX_JSON_BYTES))
    assert len(bomb) < MAX_WIRE_BYTES
    with pytest.raises(WireError, match="unpacks to more than"):
        decode(answer_reader(), Payload(bomb, ZSTD_JSON))


def test_a_frame_that_claims_a_huge_size_reserves_no_memory_for_it() -> None:
    # RFC 8878, section 3.1.1: single segment, 8 bytes of content size; here 2**62.
    header = b"\x28\xb5\x2f\xfd\xe0" + (2**62).to_bytes(8, "little")
    with pytest.raises(WireError):
        decode(answer_reader(), Payload(header + b"\x01\x00\x00", ZSTD_JSON))


def test_a_frame_cut_short_is_refused_even_when_it_is_json_so_far() -> None:
    whole = zstandard.compress(json.dumps(ACK).encode() + b" " * 300_000)
    for length in range(len(whole)):
        with pytest.raises(WireError):
            decode(answer_reader(), Payload(whole[:length], ZSTD_JSON))


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from([JSON, ZSTD_JSON, "text/plain"]))
def test_noise_is_refused(noise: bytes, content_type: str) -> None:
    for reader in (answer_reader(), state_reader(), batch_reader()):
        with pytest.raises(WireError):
            decode(reader, Payload(noise, content_type))


def test_nesting_without_end_is_refused() -> None:
    body = b'{"v":' + b"[" * 60_000
    with pytest.raises(WireError):
        decode(answer_reader(), Payload(body, JSON))


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"v": 2}, "v"),
        ({"last_seq": "7"}, "last_seq"),
        ({"last_seq": 7.0}, "last_seq"),
        ({"last_seq": True}, "last_seq"),
        ({"last_seq": -1}, "last_seq"),
        ({"last_seq": 2**53}, "last_seq"),
        ({"boot": "a\0b"}, "boot"),
        ({"boot": "b" * 129}, "boot"),
        ({"versions": {str(number): "1" for number in range(33)}}, "versions"),
        ({"status": "ack"}, "message"),
    ],
)
def test_a_message_off_the_contract_is_refused_with_the_place(
    changed: dict[str, Any], place: str
) -> None:
    assert isinstance(decode(state_reader(), as_json(BIRTH)), Birth)
    with pytest.raises(WireError, match=rf"^(online\.)?{place}: "):
        decode(state_reader(), as_json({**BIRTH, **changed}))


@pytest.mark.parametrize(
    ("reader", "message"),
    [
        (state_reader(), BIRTH),
        (state_reader(), {"v": 1, "status": "offline", "boot": "b", "reason": "lost"}),
        (health_reader(), HEALTH),
        (answer_reader(), ACK),
        (answer_reader(), {**ACK, "status": "nack"}),
        (answer_reader(), {**ACK, "status": "quarantined", "fork_epoch": 1, "fork_seq": 5}),
    ],
)
def test_a_newer_box_or_headquarters_is_heard_without_what_nobody_knows(
    reader: TypeAdapter[Any], message: dict[str, Any]
) -> None:
    for unknown in (1, {"deep": [1.5, None]}):
        assert decode(reader, as_json(newer(message, unknown))) == decode(reader, as_json(message))


def newer(said: Any, unknown: Any) -> Any:
    """With a field more in every model of it."""
    if isinstance(said, list):
        return [newer(each, unknown) for each in said]
    if not isinstance(said, dict):
        return said
    deeper = {
        key: each if key == "versions" else newer(each, unknown) for key, each in said.items()
    }
    return {**deeper, "extra": unknown}


def test_what_nobody_knows_is_refused_where_it_may_be_money() -> None:
    batch = json.loads(encode(batch_of(record_with({}))).body)
    decode(batch_reader(), as_json(batch))
    with pytest.raises(WireError, match=r"^extra: Extra inputs"):
        decode(batch_reader(), as_json({**batch, "extra": 1}))


def test_what_means_something_else_has_another_version_and_is_refused() -> None:
    """A reader that ignores what it does not know would take it for what it was."""
    decode(answer_reader(), as_json(ACK))
    with pytest.raises(WireError, match=r"^ack\.v: "):
        decode(answer_reader(), as_json({**ACK, "v": 2, "only": "sales"}))


@pytest.mark.parametrize("missing", sorted(BIRTH.keys() - {"v"}))
def test_a_message_with_a_hole_is_refused(missing: str) -> None:
    birth = {key: value for key, value in BIRTH.items() if key != missing}
    with pytest.raises(WireError):
        decode(state_reader(), as_json(birth))


def test_what_a_message_says_never_stands_in_the_error() -> None:
    """Errors are logged; a message may hold what must not be."""
    with pytest.raises(WireError) as refused:
        decode(answer_reader(), as_json({**ACK, "hash": "4111111111111111"}))
    assert "4111" not in str(refused.value)
