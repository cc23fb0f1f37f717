"""The fuzz targets, fed by hypothesis in every run; `make fuzz` feeds them by coverage, longer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS, chunks


@pytest.mark.parametrize("name", TARGETS)
def test_what_real_devices_send_is_taken(name: str) -> None:
    for seed in TARGETS[name].seeds:
        TARGETS[name].take(seed)


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=300)
@given(data=st.data())
def test_any_bytes_are_taken(name: str, data: st.DataObject) -> None:
    target = TARGETS[name]
    whole = st.binary(max_size=400)
    mutated = st.sampled_from(target.seeds).flatmap(
        lambda seed: st.tuples(st.integers(0, len(seed)), st.binary(max_size=20)).map(
            lambda cut: seed[: cut[0]] + cut[1] + seed[cut[0] :]
        )
    )
    target.take(data.draw(whole | mutated))


@given(data=st.binary(max_size=200))
def test_chunks_lose_only_their_lengths(data: bytes) -> None:
    found = list(chunks(data))
    assert sum(map(len, found)) + len(found) == len(data)
