"""A picture of the cashier's guide: what is keyed until the screen is worth one."""

from dataclasses import dataclass
from typing import Final

from edge.checkout.texts import Saying
from edge.demo.steps import Act, Take, Type

# The supervisor of the demo shop may everything; the shift is open, with change in the drawer.
SIGN_ON: Final = Type("9 ENTER 9753 ENTER")
OPENED: Final = (SIGN_ON, Type("500 MENU 24"))
COLA: Final = Take("Cola 330 ml")
CRISPS: Final = Take("Potato Crisps Salted 75 g")


@dataclass(frozen=True, slots=True)
class Shot:
    """The file's name, what it shows in both languages, the keys as the guide has them, and the
    acts that lead there in a demo shop that did `before` and nothing else. The screen must say
    `shows`. `task` is the menu's number of what is shown.
    """

    name: str
    english: str
    chinese: str
    keys: str
    acts: tuple[Act, ...]
    shows: Saying
    task: str = ""
    before: tuple[Act, ...] = OPENED
