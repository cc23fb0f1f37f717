"""What discounts took off a sale, as it stands on record."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Off:
    """A promotion (or a discount by hand) of a sale: how often it was used, and its parts: line,
    units, minor units taken off. `lane` is the kind of work it does, `name` what people call it.
    """

    promotion: str
    name: str
    lane: str
    uses: int
    parts: tuple[tuple[int, int, int], ...]

    @property
    def off_minor(self) -> int:
        return sum(off_minor for _, _, off_minor in self.parts)


def off_bodies(offs: tuple[Off, ...]) -> list[Any]:
    """Discounts as JSON, in their order."""
    return [
        {
            "id": off.promotion,
            "name": off.name,
            "lane": off.lane,
            "uses": off.uses,
            "off_minor": off.off_minor,
            "parts": [list(part) for part in off.parts],
        }
        for off in offs
    ]


def offs_from(bodies: list[Any]) -> tuple[Off, ...]:
    """The inverse of `off_bodies`. Raises KeyError, TypeError or ValueError on anything else."""
    return tuple(
        Off(
            promotion=body["id"],
            name=body["name"],
            lane=body["lane"],
            uses=body["uses"],
            parts=tuple((line, units, off_minor) for line, units, off_minor in body["parts"]),
        )
        for body in bodies
    )
