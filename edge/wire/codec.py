"""Messages to bytes and back: JSON, compressed by zstd (RFC 8878) where that is shorter.

MQTT has no content encoding, so the content type says which of the two it is.
"""

from dataclasses import dataclass
from typing import TypeVar

import zstandard
from pydantic import BaseModel, TypeAdapter, ValidationError

from edge.wire.errors import WireError

JSON = "application/json"
ZSTD_JSON = "application/json+zstd"

# A box behind a bad mobile line repeats a whole message, so messages are small; a batch of
# 100 records is about 15 KiB.
MAX_WIRE_BYTES = 64 * 1024
# The biggest record there can be, a sale of 900 lines, is about 300 KiB of JSON; three of
# it bounds what a hostile message can unpack to.
MAX_JSON_BYTES = 1024 * 1024
# Below this a message fits one network packet either way.
COMPRESS_FROM_BYTES = 1024
# The fast level; the thorough one is only for a message that does not fit without it.
FAST_LEVEL = 3
THOROUGH_LEVEL = 19

MessageT = TypeVar("MessageT")


@dataclass(frozen=True, slots=True)
class Payload:
    """A message's bytes, and what they are."""

    body: bytes
    content_type: str


def encode(message: BaseModel, *, thorough: bool = False) -> Payload:
    """Raises WireError when the message is larger than the wire allows."""
    text = message.model_dump_json(by_alias=True).encode()
    payload = _packed(text, THOROUGH_LEVEL if thorough else FAST_LEVEL)
    if len(text) > MAX_JSON_BYTES:
        raise WireError(f"message of {len(text)} bytes, at most {MAX_JSON_BYTES} are allowed")
    if len(payload.body) > MAX_WIRE_BYTES:
        raise WireError(
            f"message of {len(payload.body)} bytes packed, at most {MAX_WIRE_BYTES} are allowed"
        )
    return payload


def decode(reader: TypeAdapter[MessageT], payload: Payload) -> MessageT:
    """Raises WireError, in one line, for whatever the contract does not allow."""
    if len(payload.body) > MAX_WIRE_BYTES:
        raise WireError(f"oversized: {len(payload.body)} bytes, at most {MAX_WIRE_BYTES}")
    match payload.content_type:
        case "application/json":
            text = payload.body
        case "application/json+zstd":
            text = _unpacked(payload.body)
        case other:
            raise WireError(f"content type {other[:64]!r}, expected {JSON} or {ZSTD_JSON}")
    try:
        return reader.validate_json(text)
    except ValidationError as error:
        raise WireError(_one_line(error)) from None


def _packed(text: bytes, level: int) -> Payload:
    if len(text) < COMPRESS_FROM_BYTES:
        return Payload(text, JSON)
    return Payload(zstandard.ZstdCompressor(level=level).compress(text), ZSTD_JSON)


def _unpacked(body: bytes) -> bytes:
    """At most MAX_JSON_BYTES, whatever the frame's header claims. Raises WireError."""
    try:
        expected = zstandard.frame_content_size(body)
        unpacker = zstandard.ZstdDecompressor(max_window_size=2 * MAX_JSON_BYTES)
        with unpacker.stream_reader(body) as stream:
            text = stream.read(MAX_JSON_BYTES + 1)
    except zstandard.ZstdError as error:
        raise WireError(f"no zstd frame: {error}") from None
    if len(text) > MAX_JSON_BYTES:
        raise WireError(f"oversized: unpacks to more than {MAX_JSON_BYTES} bytes")
    if expected >= 0 and len(text) != expected:
        raise WireError(f"cut short: {len(text)} of {expected} bytes")
    return text


def _one_line(error: ValidationError) -> str:
    """Where and why, but not what: a message's values may be a person's."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "message"
    return f"{place[:120]}: {first['msg'][:120]}"
