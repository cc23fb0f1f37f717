"""A lease as headquarters gives it out, plain or signed."""

import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import Field, ValidationError

from edge.checkout.balances.accounts import MOST_MOVED, AccountKind, AccountRef
from edge.checkout.canonical import canonical_json
from edge.wire.member_codes import verifies
from edge.wire.messages import Message, Place
from edge.wire.topics import DEVICE_ID

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

# No other kind of signed text begins like this.
SIGNED_AS: Final = b"edge-lease/1\n"


class LeaseRefused(ValueError):  # noqa: N818 - a refusal, as the house calls it
    """A line that is no lease for this till; the text says why, without what stands in it."""


class Lease(Message):
    """Part of a balance for one device, to redeem in one epoch of its journal. With a field that
    is unknown here it is refused: that may be a condition.
    """

    v: Literal[1] = 1
    lease: str = Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")
    device: str = Field(pattern=f"^{DEVICE_ID.pattern}$")
    epoch: Place
    kind: Annotated[AccountKind, Field(strict=False)]
    holder: str = Field(pattern=r"^[A-Za-z0-9-]{1,32}$")
    owner: str = Field(default="", pattern=r"^([0-9]{10})?$")
    terms: str = Field(default="", pattern=r"^[A-Za-z0-9._-]{0,32}$")
    amount: int = Field(ge=1, le=MOST_MOVED)
    expires_on: Annotated[date, Field(strict=False)] = date.max

    @property
    def ref(self) -> AccountRef:
        return AccountRef(self.kind, self.holder, self.owner, self.terms)


def read_lease(line: bytes, public_keys: Sequence[bytes]) -> Lease:
    """The lease of a line of JSON. With keys it must be `{"lease": ..., "signature": base64}`,
    Ed25519 over `SIGNED_AS` and the lease's canonical JSON; without keys it is the lease alone.
    What else stands beside lease and signature is signed by nobody, and ignored.

    Raises LeaseRefused.
    """
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        # The error may hold the whole line.
        raise LeaseRefused("is not JSON") from None
    if public_keys:
        content = _verified(content, public_keys)
    try:
        return Lease.model_validate(content)
    except ValidationError as error:
        # Pydantic's own text holds what stood in the file.
        first = error.errors(include_input=False, include_context=False, include_url=False)[0]
        key = ".".join(map(str, first["loc"])) or "the line"
        raise LeaseRefused(f"{key}: {first['msg']}") from None


def signed_lease(key: "Ed25519PrivateKey", lease: Lease) -> bytes:
    """The lease as a signed line, without its end."""
    content = lease.model_dump(mode="json")
    signature = key.sign(SIGNED_AS + canonical_json(content))
    return canonical_json({"lease": content, "signature": b64encode(signature).decode()})


def _verified(content: Any, public_keys: Sequence[bytes]) -> Any:
    if not isinstance(content, dict) or not content.keys() >= {"lease", "signature"}:
        raise LeaseRefused("is not signed")
    try:
        signed = SIGNED_AS + canonical_json(content["lease"])
        signature = b64decode(content["signature"], validate=True)
    except (TypeError, ValueError, RecursionError):
        raise LeaseRefused("the signature can't be read") from None
    if not any(verifies(key, signed, signature) for key in public_keys):
        raise LeaseRefused("the signature is not headquarters'")
    return content["lease"]
