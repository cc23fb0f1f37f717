import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.wire.errors import WireError
from edge.wire.topics import DEVICE_ID, Channel, parse_topic, topic_of


@settings(deadline=None)
@given(st.from_regex(DEVICE_ID, fullmatch=True), st.sampled_from(Channel))
def test_a_topic_reads_back_as_its_device_and_channel(device: str, channel: Channel) -> None:
    assert parse_topic(topic_of(device, channel)) == (device, channel)


def test_topics_are_those_of_the_contract() -> None:
    assert [topic_of("till-1", channel) for channel in Channel] == [
        "v1/d/till-1/state",
        "v1/d/till-1/up/journal",
        "v1/d/till-1/up/health",
        "v1/d/till-1/down/ack",
    ]


@pytest.mark.parametrize("device", ["", "a/b", "+", "#", "a b", "tür", "till\n", "x" * 65, "a.b"])
def test_an_id_that_could_mean_more_than_itself_is_refused(device: str) -> None:
    with pytest.raises(WireError, match="not a device id"):
        topic_of(device, Channel.STATE)


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "v1",
        "v1/d/till-1",
        "v2/d/till-1/state",
        "v1/z/till-1/state",
        "v1/d/till-1/up/journal/x",
        "v1/d/till-1/State",
        "v1/d//state",
        "v1/d/a+b/state",
        "/v1/d/till-1/state",
    ],
)
def test_any_other_topic_is_refused(topic: str) -> None:
    with pytest.raises(WireError):
        parse_topic(topic)
