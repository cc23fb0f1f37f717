"""How a till and a payment gateway sign what they say; docs/payments.md is the contract."""

import hmac
import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from edge.ports import DeviceError

# Different first lines: nobody can hand a request's signature back as that of an answer.
REQUEST = "edge-payments/1 request"
ANSWER = "edge-payments/1 answer"
# HMAC-SHA256 is as strong as its output is long (RFC 2104, section 3): 32 bytes, as hex.
SECRET_HEX = re.compile(rb"[0-9a-f]{64}\n?")
MAX_KEY_FILE_BYTES = 65
OTHERS_MAY_READ = 0o004


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A secret shared with the gateway, and the name under which the gateway knows it."""

    key_id: str
    secret: bytes = field(repr=False)

    def sign_request(
        self, method: str, path: str, timestamp_ms: int, nonce: str, body: bytes
    ) -> str:
        """HMAC-SHA256 (RFC 2104), lowercase hex."""
        fields = (REQUEST, method, path, self.key_id, str(timestamp_ms), nonce)
        return self._sign(fields, body)

    def sign_answer(self, method: str, path: str, nonce: str, status: int, body: bytes) -> str:
        """The signature of the answer to the request that had this nonce."""
        return self._sign((ANSWER, method, path, self.key_id, nonce, str(status)), body)

    def _sign(self, fields: tuple[str, ...], body: bytes) -> str:
        text = "\n".join((*fields, sha256(body).hexdigest()))
        return hmac.new(self.secret, text.encode(), sha256).hexdigest()


def same_signature(given: str, expected: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(given.encode(), expected.encode())


def read_key(path: Path, key_id: str) -> SigningKey:
    """The key of a file that holds 64 lowercase hex digits and that not everybody may read.
    Raises DeviceError, which never shows what the file holds.
    """
    try:
        with path.open("rb") as file:
            text = file.read(MAX_KEY_FILE_BYTES + 1)
            mode = path.stat().st_mode
    except OSError as error:
        raise DeviceError(f"key file {path}: can't be read: {error.strerror}") from error
    if mode & OTHERS_MAY_READ:
        raise DeviceError(f"key file {path}: everybody may read it; chmod o-r")
    if not SECRET_HEX.fullmatch(text):
        raise DeviceError(f"key file {path}: is not 64 hex digits")
    return SigningKey(key_id, bytes.fromhex(text.decode().strip()))
