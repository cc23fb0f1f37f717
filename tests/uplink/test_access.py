"""TLS with client certificates and the access list that is shipped, on a real broker."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from edge.hq.reports import sales_report
from edge.wire.codec import encode
from edge.wire.errors import CertificateRefusedError, LinkError
from edge.wire.messages import Ack, Birth
from tests.support.broker import Broker, tls_broker
from tests.support.fleet import Till, headquarters, logged, running, somebody, stored
from tests.support.outbox import MemoryOutbox
from tests.support.pki import Authority, make_authority
from tests.support.records import batch_of


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("pki"))


@pytest.fixture
async def broker(tmp_path: Path, authority: Authority) -> AsyncIterator[Broker]:
    async with tls_broker(tmp_path, authority.broker()) as broker:
        yield broker


async def test_a_till_with_its_certificate_delivers(
    broker: Broker, authority: Authority, tmp_path: Path
) -> None:
    outbox = MemoryOutbox("till-1")
    outbox.sell(250)
    till = Till(broker.port, "till-1", outbox, authority.client("till-1"))
    async with (
        headquarters(broker.port, tmp_path / "hq.db", authority.client("hq")) as (_hq, engine),
        running(till),
    ):
        await outbox.wait_acked()
        assert (await sales_report(engine))["sales"] == 250


async def test_a_till_with_another_one_s_certificate_leaves_that_one_on_the_broker(
    broker: Broker, authority: Authority, tmp_path: Path
) -> None:
    """The broker takes the certificate's name for the client's: two of one name would throw each
    other off without end.
    """
    mine, other = MemoryOutbox("till-1"), MemoryOutbox("till-2")
    files, right = authority.client("till-1"), authority.client("till-2")
    taken = right.model_copy(update={"cert": tmp_path / "c.pem", "key": tmp_path / "c.key"})
    taken.cert.write_bytes(files.cert.read_bytes())
    taken.key.write_bytes(files.key.read_bytes())
    till = Till(broker.port, "till-1", mine, files)
    wrong = Till(broker.port, "till-2", other, taken)
    reason = f"certificate {taken.cert} is for till-1, device.id is till-2"
    with logged() as lines:
        async with (
            headquarters(broker.port, tmp_path / "hq.db", authority.client("hq")),
            running(till),
            running(wrong),
        ):
            await mine.wait_acked()
            await wrong.clock.slept(3)
            assert (till.inbox.said, wrong.inbox.said) == ([True], [False])
            assert (till.uplink.trouble, wrong.uplink.trouble) == ("", reason)
            # The right one comes, and needs no restart.
            taken.cert.write_bytes(right.cert.read_bytes())
            taken.key.write_bytes(right.key.read_bytes())
            await other.wait_acked()
            assert wrong.uplink.trouble == ""
    refused = [line["reason"] for line in lines if line["event"] == "certificate_refused"]
    assert refused == [reason]


async def test_a_box_can_not_speak_for_another_one(
    broker: Broker, authority: Authority, tmp_path: Path
) -> None:
    """Its certificate is good, and its name is another."""
    victim = MemoryOutbox("till-1")
    victim.sell(3)
    forged = encode(batch_of(*victim.records))
    birth = Birth(
        boot="b",
        epoch=9,
        last_seq=9,
        acked_epoch=9,
        acked_through=9,
        versions={},
        clock="synced",
    )
    async with (
        headquarters(broker.port, tmp_path / "hq.db", authority.client("hq")) as (hq, engine),
        somebody(broker.port, "till-1", authority.client("thief")) as thief,
    ):
        await thief.publish("v1/d/till-1/up/journal", forged)
        await thief.publish("v1/d/till-1/state", encode(birth), retain=True)
        await thief.publish("v1/d/till-1/down/ack", encode(Ack(epoch=1, through=4, hash="")))
        own = MemoryOutbox("thief")
        await thief.publish("v1/d/thief/up/journal", encode(batch_of(*own.records)))
        await hq.wait_for("thief", 1, 1)
        assert await stored(engine, "till-1") == []


async def test_a_box_can_not_listen_to_another_one(broker: Broker, authority: Authority) -> None:
    answer = encode(Ack(epoch=1, through=4, hash="a" * 64))
    async with (
        somebody(broker.port, "hq", authority.client("hq")) as hq,
        somebody(broker.port, "thief", authority.client("thief")) as thief,
    ):
        for topic in ("#", "v1/d/+/down/ack", "v1/d/+/up/journal", "v1/d/thief/down/ack"):
            await thief.subscribe(topic)
        await hq.publish("v1/d/till-1/down/ack", answer)
        await hq.publish("v1/d/thief/down/ack", answer)
        heard = await anext(thief.messages())
    assert heard.topic == "v1/d/thief/down/ack"


async def test_a_box_can_not_throw_another_one_out_by_taking_its_id(
    broker: Broker, authority: Authority
) -> None:
    async with (
        somebody(broker.port, "till-1", authority.client("till-1")) as till,
        somebody(broker.port, "hq", authority.client("hq")) as hq,
    ):
        await till.subscribe("v1/d/till-1/down/ack")
        async with somebody(broker.port, "till-1", authority.client("thief")):
            await hq.publish("v1/d/till-1/down/ack", encode(Ack(epoch=1, through=4, hash="")))
            assert (await anext(till.messages())).topic == "v1/d/till-1/down/ack"


async def test_without_a_certificate_of_ours_there_is_no_connection(
    broker: Broker, authority: Authority, tmp_path: Path
) -> None:
    stranger = make_authority(tmp_path, "stranger").client("till-1")
    trusting = stranger.model_copy(update={"ca": authority.ca})
    with pytest.raises(CertificateRefusedError):
        async with somebody(broker.port, "till-1", trusting):
            pass
    with pytest.raises(LinkError, match="hung up"):
        async with somebody(broker.port, "till-1"):
            pass
