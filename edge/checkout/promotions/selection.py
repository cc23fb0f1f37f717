"""Which goods a promotion is about: a small algebra over product, category and tag."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from edge.checkout.promotions.sale import Goods


@dataclass(frozen=True, slots=True)
class Everything:
    """All goods."""


@dataclass(frozen=True, slots=True)
class Products:
    plus: frozenset[str]


@dataclass(frozen=True, slots=True)
class Categories:
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Tags:
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class EachOf:
    """Goods that all of the selections pick."""

    selections: tuple["Selection", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Goods that one of the selections picks."""

    selections: tuple["Selection", ...]


@dataclass(frozen=True, slots=True)
class Except:
    """Goods that the selection does not pick."""

    selection: "Selection"


Selection: TypeAlias = Everything | Products | Categories | Tags | EachOf | AnyOf | Except

EVERYTHING: Final = Everything()

_PICKS: Final[Mapping[type, Callable[[Any, Goods], bool]]] = {
    Everything: lambda _, __: True,
    Products: lambda selection, goods: goods.plu in selection.plus,
    Categories: lambda selection, goods: not selection.names.isdisjoint(goods.categories),
    Tags: lambda selection, goods: not selection.names.isdisjoint(goods.tags),
    EachOf: lambda selection, goods: all(picks(each, goods) for each in selection.selections),
    AnyOf: lambda selection, goods: any(picks(each, goods) for each in selection.selections),
    Except: lambda selection, goods: not picks(selection.selection, goods),
}


def picks(selection: Selection, goods: Goods) -> bool:
    """Whether the goods are among those selected."""
    return _PICKS[type(selection)](selection, goods)


@dataclass(frozen=True, slots=True)
class Anchors:
    """Names of which goods have at least one, if a selection picks them. `exact`: and the other
    way round.
    """

    plus: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    exact: bool = True

    def __len__(self) -> int:
        return len(self.plus) + len(self.categories) + len(self.tags)


def anchors(selection: Selection) -> Anchors | None:
    """What to file the selection under; None when nothing narrows it down."""
    return _ANCHORS[type(selection)](selection)


def _anchors_of_each(selection: EachOf) -> Anchors | None:
    """Those of the part with the fewest names: products before anything else."""
    found = [part for each in selection.selections if (part := anchors(each)) is not None]
    if not found:
        return None
    best = min(found, key=lambda part: (not part.plus, len(part)))
    return Anchors(best.plus, best.categories, best.tags, exact=False)


def _anchors_of_any(selection: AnyOf) -> Anchors | None:
    found = [anchors(each) for each in selection.selections]
    parts = [part for part in found if part is not None]
    if len(parts) < len(found):
        return None
    return Anchors(
        frozenset().union(*(part.plus for part in parts)),
        frozenset().union(*(part.categories for part in parts)),
        frozenset().union(*(part.tags for part in parts)),
        exact=all(part.exact for part in parts),
    )


_ANCHORS: Final[Mapping[type, Callable[[Any], Anchors | None]]] = {
    Everything: lambda _: None,
    Products: lambda selection: Anchors(plus=selection.plus),
    Categories: lambda selection: Anchors(categories=selection.names),
    Tags: lambda selection: Anchors(tags=selection.names),
    EachOf: _anchors_of_each,
    AnyOf: _anchors_of_any,
    Except: lambda _: None,
}
