"""What the tests of members and accounts are made of: people, leases, headquarters' key."""

from datetime import date

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.checkout.balances.accounts import AccountKind, AccountRef
from edge.checkout.instant import ClockQuality, Instant
from edge.checkout.loyalty.members import Written, enrol
from edge.checkout.loyalty.phones import PHONE_PLANS
from edge.wire.leases import Lease
from edge.wire.member_codes import member_code
from tests.support.store import DEVICE, START_MS

TILL = 7
# The day of START_MS.
TODAY = date(2023, 11, 14)
SOON_S = START_MS // 1000 + 300
HQ_KEY = Ed25519PrivateKey.from_private_bytes(b"headquarters' key, for the tests")
FORGERS_KEY = Ed25519PrivateKey.from_private_bytes(b"a key that is not headquarters'!")
PUBLIC_KEY = HQ_KEY.public_key().public_bytes_raw()
CHINA = PHONE_PLANS["CN"]

PHONE, NAME, BIRTHDAY = "13812345678", "王小明", "1990-02-28"
# None of this may ever stand in a text.
SECRETS = (PHONE, NAME, BIRTHDAY, "5678", "02-28")

POINTS = AccountRef(AccountKind.POINTS, "9007000012", "9007000012")
GIFT_CARD = AccountRef(AccountKind.STORED_VALUE, "9007000020")


def enrolled_member(counter: int, phone: str = PHONE, name: str = NAME) -> Written:
    written = enrol(phone, TILL, counter, CHINA, name=name)
    assert isinstance(written, Written)
    return written


def lease_of(
    ref: AccountRef,
    amount: int,
    lease: str = "L-1",
    *,
    epoch: int = 1,
    device: str = DEVICE,
    expires_on: date = date.max,
) -> Lease:
    return Lease(
        lease=lease,
        device=device,
        epoch=epoch,
        kind=ref.kind,
        holder=ref.holder,
        owner=ref.owner,
        terms=ref.terms,
        amount=amount,
        expires_on=expires_on,
    )


def signed(number: str, expires_s: int = SOON_S, nonce: str = "nonce-01") -> str:
    return member_code(HQ_KEY, number, expires_s, nonce)


def at(utc_ms: int = START_MS, quality: ClockQuality = ClockQuality.SYNCED) -> Instant:
    return Instant(utc_ms, "boot-a", 1_000, quality)
