"""Looking products up by PLU, by the pinyin initials of the Chinese name, by words of either name.

A keypad has digits only, so letters are keyed as on a telephone, one key a letter: 2 abc, 3 def,
4 ghi, 5 jkl, 6 mno, 7 pqrs, 8 tuv, 9 wxyz. 可乐 (kl) is 55, 百事可乐 is 2755, Cola 2652.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final
from unicodedata import combining, normalize

from edge.checkout.goods.barcode import is_ascii_digits
from edge.checkout.goods.catalogue import NO_KEYS, Catalogue, Product, SearchKeys

# Two screens; who gets as many keys a digit more.
MOST_HITS: Final = 28
# Nobody keys more of them, and a hundred thousand names stay within some megabytes.
LONGEST_INITIALS: Final = 12
# One digit stands within the initials of nearly every article.
LEAST_WITHIN: Final = 2

ON_KEYS: Final = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
_WORDS: Final = re.compile(r"[a-z0-9]+")

# The parts of a line, each with the mark that it begins with: PLU, pinyin initials as keyed (none
# in a line of words), first characters of the English words as keyed, pinyin initials as spelled;
# a word as keyed. No PLU has such a mark in it, for none can be printed.
_PLU, _INITIALS, _HEADS, _SPELLED, _WORD = "\n", "\x1c", "\x1d", "\x1e", "\x1f"
_END: Final = "\n"


def key_lines(product: Product, initials: str) -> tuple[str, str]:
    """The product's lines of initials and of words; `initials` are those of its Chinese name, in
    small letters and digits.
    """
    spelled = initials[:LONGEST_INITIALS]
    words = list(dict.fromkeys(_words(product.name_en)))
    heads = "".join(word[0] for word in words)[:LONGEST_INITIALS]
    keyed = f"{_INITIALS}{spelled}{_HEADS}{heads}".translate(ON_KEYS)
    return (
        f"{product.plu}{keyed}{_SPELLED}{spelled}",
        product.plu + _INITIALS + "".join(_WORD + word for word in words).translate(ON_KEYS),
    )


def join_keys(lines: Iterable[tuple[str, str]]) -> SearchKeys:
    """The keys of products by their lines, in the order in which they are to be found."""
    both = tuple(zip(*lines, strict=True))
    return framed_keys(*(_END.join(each) for each in both)) if both else NO_KEYS


def framed_keys(initials: str, words: str) -> SearchKeys:
    """The keys by what a line feed has joined already."""
    return SearchKeys(*(f"{_PLU}{each}{_END}" if each else "" for each in (initials, words)))


def search(catalogue: Catalogue, text: str) -> tuple[Product, ...]:
    """At most MOST_HITS products, in the order of their PLUs each: the one of that very code, those
    whose PLU begins with the text, whose pinyin initials do, that have a word that does, whose
    words' first characters do, that have it within their pinyin initials.
    """
    text = text.strip()
    folded = _folded(text)
    if not text:
        plus: Iterator[str] = iter(())
    elif is_ascii_digits(folded):
        plus = _keyed(catalogue.keys, folded)
    elif folded.isascii():
        plus = chain(_marked(catalogue.keys.initials, _PLU + text), _spelled(catalogue, folded))
    else:
        plus = _named(catalogue, text)
    found: dict[str, Product] = {}
    if (exact := catalogue.named(text)) is not None:
        found[exact.plu] = exact
    for plu in plus:
        found[plu] = catalogue.by_code[plu]
        if len(found) == MOST_HITS:
            break
    return tuple(found.values())


def _words(name: str) -> list[str]:
    """Runs of letters without their accents, and of digits, in small letters."""
    return _WORDS.findall(_folded(name))


def _folded(text: str) -> str:
    if not text.isascii():
        text = "".join(each for each in normalize("NFKD", text) if not combining(each))
    return text.casefold()


def _keyed(keys: SearchKeys, digits: str) -> Iterator[str]:
    """PLUs for what was keyed."""
    # Looked for once before it is looked for behind each mark: what nothing has takes the longest.
    initials = keys.initials if digits in keys.initials else ""
    yield from _marked(initials, _PLU + digits)
    yield from _marked(initials, _INITIALS + digits)
    yield from _marked(keys.words, _WORD + digits)
    yield from _marked(initials, _HEADS + digits)
    if len(digits) >= LEAST_WITHIN:
        yield from _matching(initials, f"{_INITIALS}[0-9]+{digits}")


def _spelled(catalogue: Catalogue, text: str) -> Iterator[str]:
    """PLUs for what was written in Latin letters: each word is the beginning of one of the name."""
    words = _words(text)
    if not words:
        return
    run = "".join(words)
    yield from _marked(catalogue.keys.initials, _SPELLED + run)
    for plu in _marked(catalogue.keys.words, _WORD + words[0].translate(ON_KEYS)):
        named = _words(catalogue.by_code[plu].name_en)
        if all(any(each.startswith(word) for each in named) for word in words):
            yield plu
    yield from _matching(catalogue.keys.initials, f"{_SPELLED}[a-z0-9]+{run}")


def _named(catalogue: Catalogue, text: str) -> Iterator[str]:
    """PLUs of the names that hold what was written in Chinese."""
    plus = {product.plu for product in catalogue.by_code.values() if text in product.name_zh}
    return iter(sorted(plus))


def _marked(keys: str, start: str) -> Iterator[str]:
    """PLUs of the lines that have a part beginning so."""
    at = keys.find(start)
    while at >= 0:
        yield _plu_at(keys, at)
        at = keys.find(start, keys.index(_END, at + 1))


def _matching(keys: str, pattern: str) -> Iterator[str]:
    for match in re.finditer(pattern, keys):
        yield _plu_at(keys, match.start())


def _plu_at(keys: str, at: int) -> str:
    """The PLU of the line that has the mark at `at`."""
    start = keys.rfind(_PLU, 0, at + 1) + 1
    return keys[start : keys.index(_INITIALS, start)]
