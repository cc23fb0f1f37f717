"""The one way in which JSON is written before it is hashed or compared."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

# The largest integer that every JSON reader keeps exact (RFC 8259, section 6).
LARGEST_INTEGER = 2**53 - 1


def canonical_json(value: Any) -> bytes:
    """UTF-8 with keys sorted by code point, no spaces, nothing escaped that JSON lets stand.

    Raises TypeError for anything but None, bool, int, str, list, tuple and a dict with string
    keys (floats have no one spelling), ValueError for an integer beyond `LARGEST_INTEGER` or a
    lone surrogate.
    """
    _check(value)
    text = json.dumps(
        value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    return text.encode()


def record_hash(fields: Mapping[str, Any]) -> str:
    """SHA-256, lowercase hex, over the canonical JSON of all fields but `hash` itself."""
    hashed = {name: value for name, value in fields.items() if name != "hash"}
    return sha256(canonical_json(hashed)).hexdigest()


def _check(value: Any) -> None:
    if value is None or isinstance(value, str | bool):
        return
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise ValueError(f"integer beyond 2**53 - 1: {value}")
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"key is no string: {key!r}")
            _check(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item)
    else:
        raise TypeError(f"no canonical JSON for {type(value).__name__}")
