"""What a scripted day is made of: what the cashier does, and what has to come of it."""

from dataclasses import dataclass
from typing import TypeAlias

from edge.checkout.inputs import Key
from edge.checkout.words.texts import Saying


@dataclass(frozen=True, slots=True)
class Take:
    """Goods from the shelf, over the scanner; weighed ones with the scales' label."""

    name: str
    weight_g: int = 0


@dataclass(frozen=True, slots=True)
class PutOnScale:
    """Something is laid on the till's scale, in the place of what was there."""

    weight_g: int


@dataclass(frozen=True, slots=True)
class Scan:
    """A code that is not in the shelf; `what` says in words what it is."""

    code: str
    what: str


@dataclass(frozen=True, slots=True)
class Type:
    """Keys of the keypad, in words: digits of a word are pressed one by one."""

    keys: str

    def pressed(self) -> tuple[Key, ...]:
        """The keys. Raises ValueError for one that no keypad has."""
        words = self.keys.split()
        return tuple(
            key
            for word in words
            for key in (map(Key, word) if word[0].isdecimal() else (Key(word),))
        )


@dataclass(frozen=True, slots=True)
class ScanReceipt:
    """The code on a receipt that was printed."""

    receipt_no: int


@dataclass(frozen=True, slots=True)
class Network:
    """Somebody pulls the cable to the broker, or plugs it in again."""

    up: bool


@dataclass(frozen=True, slots=True)
class PrinterCable:
    """Somebody unplugs the printer, or plugs it in again."""

    plugged: bool


Act: TypeAlias = Take | PutOnScale | Scan | Type | ScanReceipt | Network | PrinterCable


@dataclass(frozen=True, slots=True)
class DayStep:
    """`says` is the last notice of the cashier's screen (None: none), `prints` how many receipts
    come out, `pulses` how often the drawer opens, `total` what the screen shows at the end.
    """

    what: str
    acts: tuple[Act, ...]
    says: Saying | None = None
    prints: int = 0
    pulses: int = 0
    total: str | None = None


def sale(what: str, *acts: Act, total: str, says: Saying | None = None, pulses: int = 1) -> DayStep:
    """A step that ends with a receipt; `total` is the change, or the sum where there is none."""
    return DayStep(what, acts, says, prints=1, pulses=pulses, total=total)
