"""Keymap files: which key of a keyboard is which key of the till. docs/devices.md says how."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal, get_args

from edge.checkout.inputs import Key

# The keymaps that come with the till; another name is a file's.
ReadyKeymap = Literal["pad20", "pos"]
READY = get_args(ReadyKeymap)
# A keyboard of 768 keys, each with a comment, is a tenth of this.
MAX_BYTES = 256 * 1024

_TABLES = ("keys", "layered")
_LAYER = "layer"


class KeymapRefused(Exception):  # noqa: N818 - a refusal, as the house calls it
    """The file is no keymap; each line names file, key and reason."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True, slots=True)
class Keymap:
    """Key of the kernel -> key of the till; `layered` holds for the one key that is pressed after
    the `layer` key, which None is there without.
    """

    keys: Mapping[int, Key]
    layer: int | None
    layered: Mapping[int, Key]


def read_keymap(name: str) -> Keymap:
    """The keymap of that name, or in that file. Raises KeymapRefused, and ImportError without
    evdev, which knows the keys' numbers.
    """
    raw, codes = _read(name), _codes_by_name()
    wrong = list(_wrong(raw, codes))
    if wrong:
        raise KeymapRefused([f"{name}: {line}" for line in wrong])
    keys, layered = (
        {codes[key]: Key(meaning) for key, meaning in raw.get(table, {}).items()}
        for table in _TABLES
    )
    return Keymap(keys, codes[raw[_LAYER]] if _LAYER in raw else None, layered)


def _read(name: str) -> dict[str, Any]:
    try:
        if name in READY:
            file = resources.files("edge.drivers.keys") / "keymaps" / f"{name}.toml"
            text = file.read_text("utf-8")
        else:
            text = _text(Path(name))
        return tomllib.loads(text)
    except OSError as error:
        line = f"{name}: can't be read: {error.strerror}"
        hint = "; {} come with the till".format(" and ".join(sorted(READY)))
        missing = isinstance(error, FileNotFoundError)
        raise KeymapRefused([line + hint if missing else line]) from error
    except UnicodeDecodeError as error:
        raise KeymapRefused([f"{name}: is not UTF-8 at byte {error.start}"]) from error
    except tomllib.TOMLDecodeError as error:
        raise KeymapRefused([f"{name}: is not TOML: {error}"]) from error
    except (ValueError, RecursionError):
        # A path with a NUL; numbers of thousands of digits; brackets a thousand deep.
        raise KeymapRefused([f"{name}: can't be read"]) from None


def _text(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise KeymapRefused([f"{path}: is longer than {MAX_BYTES // 1024} KiB"])
    return data.decode("utf-8")


def _codes_by_name() -> Mapping[str, int]:
    # Here, because a box without such a keypad need not have it.
    from evdev import ecodes  # noqa: PLC0415

    return {
        name: code
        for name, code in ecodes.ecodes.items()
        if name.startswith(("KEY_", "BTN_")) and name not in ("KEY_MAX", "KEY_CNT")
    }


def _wrong(raw: Mapping[str, Any], codes: Mapping[str, int]) -> Iterator[str]:
    for name in sorted(raw.keys() - {*_TABLES, _LAYER}):
        yield f"{name}: is not a setting; there are {_LAYER}, {' and '.join(_TABLES)}"
    for table in _TABLES:
        yield from _wrong_table(table, raw.get(table, {}), codes)
    if not raw.get("keys"):
        yield "keys: has no key in it"
    if _LAYER in raw:
        yield from _wrong_layer(raw, codes)
    elif raw.get("layered"):
        yield f"layered: needs a key in {_LAYER}"


def _wrong_table(table: str, keys: Any, codes: Mapping[str, int]) -> Iterator[str]:
    if not isinstance(keys, dict):
        yield f"{table}: is no table"
        return
    meanings = [key.value for key in Key]
    named: dict[int, str] = {}
    for key, meaning in keys.items():
        if key not in codes:
            yield f"{table}.{key}: the kernel knows no such key"
        elif (first := named.setdefault(codes[key], key)) != key:
            yield f"{table}.{key}: is the same key as {first}"
        if meaning not in meanings:
            yield f"{table}.{key}: {meaning!r} is no key of the till: {' '.join(meanings)}"


def _wrong_layer(raw: Mapping[str, Any], codes: Mapping[str, int]) -> Iterator[str]:
    layer = raw[_LAYER]
    if not isinstance(layer, str) or layer not in codes:
        yield f"{_LAYER}: the kernel knows no key {layer!r}"
        return
    for table in _TABLES:
        keys = raw.get(table, {})
        if isinstance(keys, dict) and codes[layer] in {codes.get(key) for key in keys}:
            yield f"{table}.{layer}: is the key of the layer"
    if not raw.get("layered"):
        yield "layered: has no key in it"
