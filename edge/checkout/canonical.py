"""The one way in which JSON is written before it is hashed or compared."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

# The largest integer that every JSON reader keeps exact (RFC 8259, section 6).
LARGEST_INTEGER = 2**53 - 1

_ENCODER = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
)


def canonical_json(value: Any) -> bytes:
    """UTF-8 with keys sorted by code point, no spaces, nothing escaped that JSON lets stand.

    Raises TypeError for anything but None, bool, int, str, list, tuple and a dict with string
    keys (floats have no one spelling), ValueError for an integer beyond `LARGEST_INTEGER` or a
    lone surrogate.
    """
    _check([value])
    return _ENCODER.encode(value).encode()


def record_hash(fields: Mapping[str, Any]) -> str:
    """SHA-256, lowercase hex, over the canonical JSON of all fields but `hash` itself."""
    hashed = {name: value for name, value in fields.items() if name != "hash"}
    return sha256(canonical_json(hashed)).hexdigest()


def _check(values: Iterable[Any]) -> None:
    for value in values:
        kind = type(value)
        if kind is str or kind is bool or value is None:
            continue
        if kind is int:
            if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
                raise ValueError(f"integer beyond 2**53 - 1: {value}")
        elif isinstance(value, dict):
            for key in value:
                if not isinstance(key, str):
                    raise TypeError(f"key is no string: {key!r}")
            _check(value.values())
        elif isinstance(value, list | tuple):
            _check(value)
        elif not isinstance(value, str):  # an enumeration's member is written as its value
            raise TypeError(f"no canonical JSON for {kind.__name__}")
