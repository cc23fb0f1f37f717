"""Codes that headquarters signs and a till checks offline: a member's QR, a coupon.

`EM1:<number>.<expires_s>.<nonce>:<signature>` and `EC1:<name>.<expires_s>:<signature>`, where the
signature is Ed25519 (RFC 8032) over everything before its colon, as base64url without padding
(RFC 4648, section 5). The mark in front keeps one kind from being taken for the other.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from edge.checkout.instant import ClockQuality, Instant
from edge.checkout.loyalty.member_numbers import COUPON_MARK, MEMBER_MARK, is_card
from edge.checkout.loyalty.members import MemberRefusal

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

# The key in force and the next one, while they change, in two regions.
MOST_KEYS: Final = 4
PUBLIC_KEY_BYTES: Final = 32
# What a scanner hands over at most (its setting max_code_length); a QR of version 8.
LONGEST_CODE: Final = 128
NONCE_LETTERS: Final = 8

_SIGNATURE: Final = r"[A-Za-z0-9_-]{86}"
_SECONDS: Final = r"[1-9][0-9]{9}"
_MEMBER: Final = re.compile(
    rf"{MEMBER_MARK}(?P<number>9[0-9]{{9}})\.(?P<expires>{_SECONDS})"
    rf"\.(?P<nonce>[A-Za-z0-9_-]{{{NONCE_LETTERS}}}):(?P<signature>{_SIGNATURE})"
)
_COUPON: Final = re.compile(
    rf"{COUPON_MARK}(?P<name>[a-z0-9-]{{1,17}})\.(?P<expires>{_SECONDS})"
    rf":(?P<signature>{_SIGNATURE})"
)


@dataclass(frozen=True, slots=True)
class MemberCode:
    """A member's QR whose signature holds. `nonce` may be shown once until `expires_s` (UTC)."""

    number: str
    expires_s: int
    nonce: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CouponTicket:
    """A coupon whose signature holds: its number, or its campaign when it is not counted."""

    name: str
    expires_s: int


class CodeReader:
    """Checks codes with headquarters' public keys, 32 bytes each; any of them may have signed.

    Raises ValueError for keys that are none.
    """

    def __init__(self, public_keys: Sequence[bytes]) -> None:
        if len(public_keys) > MOST_KEYS:
            raise ValueError(f"{len(public_keys)} public keys, {MOST_KEYS} are the limit")
        if any(len(key) != PUBLIC_KEY_BYTES for key in public_keys):
            raise ValueError(f"a public key has {PUBLIC_KEY_BYTES} bytes")
        self._public_keys = tuple(public_keys)

    def member(self, text: str, at: Instant) -> MemberCode | MemberRefusal:
        """The code, or why it is not taken. Whether it was shown before is not known here."""
        found = _MEMBER.fullmatch(text) if len(text) <= LONGEST_CODE else None
        if found is None or not is_card(found["number"]):
            return MemberRefusal.MISREAD
        refusal = self._refusal_of(found, at)
        if refusal is not None:
            return refusal
        return MemberCode(found["number"], int(found["expires"]), found["nonce"])

    def coupon(self, text: str, at: Instant) -> CouponTicket | MemberRefusal:
        """The coupon, or why it is not taken."""
        found = _COUPON.fullmatch(text) if len(text) <= LONGEST_CODE else None
        if found is None:
            return MemberRefusal.MISREAD
        refusal = self._refusal_of(found, at)
        return refusal or CouponTicket(found["name"], int(found["expires"]))

    def _refusal_of(self, found: re.Match[str], at: Instant) -> MemberRefusal | None:
        if not self._public_keys:
            return MemberRefusal.NO_KEY
        signed, _, signature = found[0].rpartition(":")
        given = urlsafe_b64decode(f"{signature}==")
        # The last letter has four bits to spare: only one of its spellings is taken.
        if _letters(given) != signature or not self._signed(signed.encode(), given):
            return MemberRefusal.FORGED
        # A clock that was never set can't judge; one at its floor is never ahead.
        knows_time = at.quality is not ClockQuality.UNSET
        if knows_time and at.utc_ms >= int(found["expires"]) * 1000:
            return MemberRefusal.EXPIRED
        return None

    def _signed(self, signed: bytes, signature: bytes) -> bool:
        return any(verifies(key, signed, signature) for key in self._public_keys)


def verifies(public_key: bytes, signed: bytes, signature: bytes) -> bool:
    """Whether the Ed25519 signature is that key's over these bytes."""
    # A till that nobody shows a code to never loads it.
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - as said above
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - likewise
        Ed25519PublicKey,
    )

    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def member_code(key: "Ed25519PrivateKey", number: str, expires_s: int, nonce: str) -> str:
    """The text of a member's QR, as headquarters signs it."""
    return _signed_text(key, f"{MEMBER_MARK}{number}.{expires_s}.{nonce}")


def coupon_code(key: "Ed25519PrivateKey", name: str, expires_s: int) -> str:
    """The text of a coupon, as headquarters signs it."""
    return _signed_text(key, f"{COUPON_MARK}{name}.{expires_s}")


def _signed_text(key: "Ed25519PrivateKey", signed: str) -> str:
    return f"{signed}:{_letters(key.sign(signed.encode()))}"


def _letters(signature: bytes) -> str:
    return urlsafe_b64encode(signature).decode().rstrip("=")
