"""A certificate that the broker does not take: the till says so, and does not wait for a time-out.

Under TLS 1.2 the broker refuses within the handshake; under TLS 1.3 the client believes that it is
in, and hears of it with the first thing that it reads.
"""

import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiomqtt
import pytest

from edge.checkout.troubles import UplinkTrouble
from edge.selftest.box import session
from edge.selftest.verdict import failed
from edge.selftest.words import SelftestWord
from edge.uplink.settings import UplinkSettings
from edge.wire.client import Client
from edge.wire.connection import TlsFiles
from edge.wire.errors import CertificateRefusedError, LinkError
from tests.support.broker import Broker, tls_broker
from tests.support.fleet import LOOPBACK, Till, headquarters, logged, running, somebody
from tests.support.outbox import MemoryOutbox
from tests.support.pki import Authority, make_authority

# Three of these are more than a test gets.
A_MINUTE_S = 60
LAST_YEAR = datetime(2021, 1, 1, tzinfo=UTC)
# What OpenSSL reads when a program starts, to hold a broker to the older version.
NO_TLS_1_3 = """openssl_conf = all
[all]
ssl_conf = tls
[tls]
system_default = limits
[limits]
MaxProtocol = TLSv1.2
"""


@dataclass(frozen=True, slots=True)
class Site:
    """A broker, and the certificates that it does not take: all of till-1."""

    broker: Broker
    authority: Authority
    refused: dict[str, TlsFiles]
    version: str


@pytest.fixture(params=["TLSv1.2", "TLSv1.3"])
async def site(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Site]:
    authority = make_authority(tmp_path)
    stranger = make_authority(tmp_path, "stranger").client("till-1")
    directory = tmp_path / "refused"
    directory.mkdir()
    refused = {
        "expired": _moved(authority.client("till-1", until=LAST_YEAR), directory, "old"),
        "revoked": _moved(authority.client("till-1"), directory, "revoked"),
        "of an authority that it does not know": stranger.model_copy(update={"ca": authority.ca}),
    }
    if request.param == "TLSv1.2":
        limits = tmp_path / "openssl.cnf"
        limits.write_text(NO_TLS_1_3)
        monkeypatch.setenv("OPENSSL_CONF", str(limits))
    revoked = authority.revoked(refused["revoked"])
    async with tls_broker(tmp_path, authority.broker(), revoked) as broker:
        yield Site(broker, authority, refused, request.param)


def _moved(files: TlsFiles, directory: Path, name: str) -> TlsFiles:
    """Out of the way of the next that is issued for the same till."""
    cert = files.cert.rename(directory / f"{name}.pem")
    key = files.key.rename(directory / f"{name}.key")
    return files.model_copy(update={"cert": cert, "key": key})


async def test_each_reason_is_told_and_no_time_out_waited_for(site: Site) -> None:
    for reason, files in site.refused.items():
        with pytest.raises(CertificateRefusedError) as refused:
            async with somebody(site.broker.port, "till-1", files, reply_timeout_s=A_MINUTE_S):
                pass
        assert str(refused.value) == f"the broker refused our certificate ({reason})"


async def test_a_good_one_is_taken_over_the_version_that_is_meant(site: Site) -> None:
    async with somebody(site.broker.port, "till-1", site.authority.client("till-1")) as till:
        assert till._client._client.socket().version() == site.version


async def test_none_at_all_is_told_as_well(site: Site) -> None:
    """As of a key of a kind that the broker does not read: OpenSSL then sends no certificate."""
    tls = ssl.create_default_context(cafile=site.authority.ca)
    client = Client(LOOPBACK, site.broker.port, tls, protocol=aiomqtt.ProtocolVersion.V5)
    with pytest.raises(aiomqtt.MqttError) as failure:
        await client.__aenter__()
    refused = client.error("connect", failure.value.__context__)
    assert isinstance(refused, CertificateRefusedError)
    assert str(refused) == "the broker refused our certificate (none that it can read was sent)"


async def test_a_broker_that_wants_tls_hangs_up_on_who_comes_without(site: Site) -> None:
    with pytest.raises(LinkError, match="the broker hung up before it answered"):
        async with somebody(site.broker.port, "till-1"):
            pass


async def test_the_self_test_says_it(site: Site) -> None:
    for reason, files in site.refused.items():
        settings = UplinkSettings(host=LOOPBACK, port=site.broker.port, tls=files)
        said = f"{LOOPBACK}:{site.broker.port}: the broker refused our certificate ({reason})"
        assert await session(settings, "till-1") == failed(SelftestWord.SAYS, said)


async def test_the_till_says_it_until_another_one_is_in_place(site: Site, tmp_path: Path) -> None:
    outbox = MemoryOutbox("till-1")
    outbox.sell(3)
    files = site.refused["revoked"]
    till = Till(site.broker.port, "till-1", outbox, files)
    said = "the broker refused our certificate (revoked)"
    with logged() as lines:
        async with (
            headquarters(site.broker.port, tmp_path / "hq.db", site.authority.client("hq")),
            running(till),
        ):
            await till.clock.slept(3)
            assert till.uplink.trouble == said
            assert set(till.inbox.said) == {False}
            assert till.inbox.troubles == (UplinkTrouble.NOT_LET_IN,)
            another = site.authority.client("till-1")
            files.key.write_bytes(another.key.read_bytes())
            files.cert.write_bytes(another.cert.read_bytes())
            await outbox.wait_acked()
            assert (till.uplink.trouble, till.inbox.troubles) == ("", ())
    refused = [line["reason"] for line in lines if line["event"] == "certificate_refused"]
    assert refused == [said]
    assert [line["event"] for line in lines].count("certificate_taken") == 1
