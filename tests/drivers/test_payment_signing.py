"""Signatures and key files: the example in the docs, and what is refused."""

from pathlib import Path

import pytest

from edge.drivers.payments.payment_signing import SigningKey, read_key, same_signature
from edge.ports import DeviceError
from tests.support.payment_rigs import write_key
from tests.support.payment_server import SECRET

ROOT = Path(__file__).parents[2]
KEY = SigningKey("till-001", SECRET)
NONCE = "00112233445566778899aabbccddeeff"
PATH = "/v1/payments/till-001-000042"
BODY = b'{"intent_id":"till-001-000042","state":"unknown","amount_minor":null,"currency":null}'


def request_signature(**changed: object) -> str:
    fields = {"method": "GET", "path": PATH, "timestamp_ms": 1_795_219_200_000}
    fields |= {"nonce": NONCE, "body": b""}
    return KEY.sign_request(**{**fields, **changed})


def answer_signature(**changed: object) -> str:
    fields = {"method": "GET", "path": PATH, "nonce": NONCE, "status": 200, "body": BODY}
    return KEY.sign_answer(**{**fields, **changed})


def test_the_documents_show_signatures_that_are_right() -> None:
    text = (ROOT / "docs/payments.md").read_text(encoding="utf-8")
    assert SECRET.hex() in text
    assert BODY.decode() in text
    assert request_signature() in text
    assert answer_signature() in text


def test_a_signature_is_of_everything_that_it_names() -> None:
    requests = [
        request_signature(),
        request_signature(method="POST"),
        request_signature(path=PATH + "/close"),
        request_signature(timestamp_ms=1_795_219_200_001),
        request_signature(nonce=NONCE[::-1]),
        request_signature(body=b"{}"),
    ]
    answers = [
        answer_signature(),
        answer_signature(method="POST"),
        answer_signature(path=PATH + "/close"),
        answer_signature(nonce=NONCE[::-1]),
        answer_signature(status=503),
        answer_signature(body=b"{}"),
    ]
    assert len(set(requests + answers)) == 12


def test_signatures_are_compared_whatever_comes() -> None:
    signature = answer_signature()
    assert same_signature(signature, signature)
    assert not same_signature(signature.upper(), signature)
    assert not same_signature("é" * 64, signature)
    assert not same_signature("", signature)


def test_a_key_is_read_and_never_shown(tmp_path: Path) -> None:
    key = read_key(write_key(tmp_path / "key"), "till-001")
    assert key == KEY
    assert SECRET.hex() not in repr(key)
    assert repr(SECRET) not in repr(key)


@pytest.mark.parametrize(
    "content",
    [b"", b"0" * 63, b"0" * 65, b"0" * 64 + b"\n\n", b"G" * 64, b"\xff" * 64, b"0" * 10**6],
)
def test_a_file_that_holds_no_key_is_refused_without_showing_it(
    tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "key"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(DeviceError, match="key: is not 64 hex digits"):
        read_key(file, "till-001")


def test_a_key_that_everybody_may_read_is_refused(tmp_path: Path) -> None:
    file = write_key(tmp_path / "key")
    file.chmod(0o644)
    with pytest.raises(DeviceError, match="everybody may read it; chmod o-r"):
        read_key(file, "till-001")


def test_a_key_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="key: can't be read: No such file"):
        read_key(tmp_path / "key", "till-001")
