"""Reading a price request, or promotions alone: taken whole, or refused whole with the first
errors.
"""

import codecs
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from edge.checkout.money import CURRENCIES, MAX_AMOUNT_MINOR
from edge.checkout.promotions.offers import OWN_PREFIXES
from edge.checkout.quantity import ONE_MILLI, amount_of
from edge.checkout.records import Unit
from edge.plain_words import in_words
from edge.price.base import NAME_PATTERN
from edge.price.civil_time import TIME_PATTERN
from edge.price.promotions import Promotion, PromotionList
from edge.price.request import CURRENCY_PATTERN, PriceRequest

# 100,000 products of 300 bytes, and as much again for the promotions; it is read into memory.
LARGEST_FILE_BYTES: Final = 64 * 1024 * 1024
# Somebody mends so many by hand before looking again.
LISTED_ERRORS: Final = 20
# What an error shows of the value that it is about.
LONGEST_SHOWN: Final = 40

# What the models' regular expressions want.
PATTERNS: Final = {
    NAME_PATTERN: "should be one line without a space at either end",
    TIME_PATTERN: "should be a time such as 2026-03-02T10:00",
    CURRENCY_PATTERN: f"should be one of {', '.join(CURRENCIES)}",
}
# Errors that are not about the value of what they stand at.
SAYS_ALL: Final = frozenset({"extra_forbidden", "missing", "json_invalid", "union_tag_not_found"})

# Parts of the request that are rows, and what a row is called by.
_NAMED_BY: Final = {"promotions": "id", "products": "plu", "basket": "plu", "tax_rates": "code"}


class PriceRefused(ValueError):  # noqa: N818 - the file is refused; nothing has gone wrong
    """A request that can't be priced, or promotions that can't be in force; a line for each of its
    first errors.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = tuple(lines)
        super().__init__("\n".join(self.lines))


def read_request(path: Path) -> PriceRequest:
    """The request in the file. Raises PriceRefused with file, row, place and reason."""
    return parse_request(read_bytes(path), str(path))


def read_bytes(path: Path) -> bytes:
    """All of the file. Raises PriceRefused when it can't be read, or is too large."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        raise PriceRefused([f"{path}: {error.strerror or error}"]) from error
    if len(content) > LARGEST_FILE_BYTES:
        raise PriceRefused([f"{path}: larger than {LARGEST_FILE_BYTES} bytes"])
    return content


def parse_promotions(content: bytes, source: str) -> tuple[Promotion, ...]:
    """A shop's promotions in JSON: a list, as a request has it under `promotions`. Raises
    PriceRefused, each line beginning with `source`.
    """
    content = content.removeprefix(codecs.BOM_UTF8)
    raw = _parse(content, source)
    try:
        promotions = PromotionList.model_validate_json(content).root
    except ValidationError as error:
        found = error.errors(include_url=False)
        placed = [{**each, "loc": ("promotions", *each["loc"])} for each in found]
        raise PriceRefused(_lines({"promotions": raw}, source, placed)) from error
    ids = [promotion.id for promotion in promotions]
    faults = [f"{source}: {fault}" for fault in (*_repeated("promotions", "id", ids), *_owned(ids))]
    if faults:
        raise PriceRefused(faults[:LISTED_ERRORS])
    return promotions


def _owned(ids: Sequence[str]) -> Iterator[str]:
    """Ids that would be those of what the till makes of its own settings."""
    for row, name in enumerate(ids, start=1):
        for prefix in OWN_PREFIXES:
            if name.startswith(prefix):
                yield f"promotions row {row} ({name}), id: what begins with {prefix} is the till's"


def parse_request(content: bytes, source: str) -> PriceRequest:
    """The request in JSON. Raises PriceRefused, each line beginning with `source`."""
    content = content.removeprefix(codecs.BOM_UTF8)
    raw = _parse(content, source)
    try:
        request = PriceRequest.model_validate_json(content)
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise PriceRefused(_lines(raw, source, found)) from error
    faults = [f"{source}: {fault}" for fault in _faults(request)]
    if faults:
        raise PriceRefused(faults[:LISTED_ERRORS])
    return request


def _parse(content: bytes, source: str) -> object:
    """The plain values. Raises PriceRefused for what is not JSON, or says a thing twice."""

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        for name, times in Counter(name for name, _ in pairs).items():
            if times > 1:
                raise PriceRefused([f"{source}: {_shown(name)} stands twice in one object"])
        return dict(pairs)

    try:
        return json.loads(content, object_pairs_hook=once)
    except PriceRefused:
        raise
    except (ValueError, RecursionError) as error:
        raise PriceRefused([f"{source}: is not JSON: {error}"]) from error


def _lines(raw: object, source: str, errors: Sequence[Mapping[str, Any]]) -> list[str]:
    """The first errors, but for lists called too short because what is in them is wrong."""
    parents = {error["loc"][:depth] for error in errors for depth in range(len(error["loc"]))}
    return [
        f"{source}: {_place(raw, error['loc'])}{_reason(error)}"
        for error in errors
        if error["type"] != "too_short" or error["loc"] not in parents
    ][:LISTED_ERRORS]


def _place(raw: object, location: Sequence[int | str]) -> str:
    """`promotions row 3 (summer), benefit.rate_bp: ` for an error's location in the request."""
    match location:
        case (str(section), int(index), *rest) if section in _NAMED_BY:
            row = f"{section} row {index + 1}{_name(raw, section, index)}"
            return f"{row}, {_path(rest)}: " if rest else f"{row}: "
        case ():
            return ""
    return f"{_path(location)}: "


def _name(raw: Any, section: str, index: int) -> str:
    row = raw[section][index]
    name = row.get(_NAMED_BY[section]) if isinstance(row, Mapping) else None
    return f" ({name[:LONGEST_SHOWN]})" if isinstance(name, str) and name else ""


def _path(location: Sequence[int | str]) -> str:
    """`benefit.bundle.slots[0].units`; where a thing comes in kinds, its kind is named as well."""
    written = ""
    for part in location:
        written += f"[{part}]" if isinstance(part, int) else f".{part}" if written else part
    return written


def _reason(error: Mapping[str, Any]) -> str:
    shown = error["input"]
    plain = shown is None or isinstance(shown, bool | int | float | str)
    reason = in_words(error, PATTERNS)
    said = plain and error["type"] not in SAYS_ALL
    return f"{reason}, not {_shown(shown)}" if said else reason


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "..."


def _faults(request: PriceRequest) -> Iterator[str]:
    """What each part for itself does not show, a line each."""
    yield from _repeated("tax_rates", "code", [rate.code for rate in request.tax_rates])
    yield from _repeated("products", "plu", [product.plu for product in request.products])
    promotions = [promotion.id for promotion in request.promotions]
    yield from _repeated("promotions", "id", promotions)
    yield from _owned(promotions)
    codes = {rate.code for rate in request.tax_rates}
    for row, product in enumerate(request.products, start=1):
        if product.tax_code not in codes:
            yield f"products row {row} ({product.plu}), tax_code: no rate {product.tax_code}"
    yield from _basket_faults(request)


def _repeated(section: str, field: str, names: Sequence[str]) -> Iterator[str]:
    first: dict[str, int] = {}
    for row, name in enumerate(names, start=1):
        if first.setdefault(name, row) != row:
            yield f"{section} row {row} ({name}), {field}: stands in row {first[name]} already"


def _basket_faults(request: PriceRequest) -> Iterator[str]:
    products = {product.plu: product for product in request.products}
    total_minor = 0
    for row, line in enumerate(request.basket, start=1):
        place = f"basket row {row} ({line.plu})"
        product = products.get(line.plu)
        if product is None:
            yield f"{place}, plu: no such product"
            continue
        if product.unit is Unit.EACH and line.quantity_milli % ONE_MILLI:
            yield f"{place}, quantity_milli: {line.quantity_milli} is no whole number of pieces"
        price_minor = product.price_minor if line.price_minor is None else line.price_minor
        total_minor += amount_of(price_minor, line.quantity_milli)
    if total_minor > MAX_AMOUNT_MINOR:
        yield f"basket: {total_minor} minor units are more than {MAX_AMOUNT_MINOR}"
