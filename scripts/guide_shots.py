"""The pictures of the cashier's guide, in its order."""

from typing import Final

from scripts.shot import Shot
from scripts.shots_members import ACCOUNTS, MEMBERS
from scripts.shots_money import PAYING, REFUNDS, SHIFT
from scripts.shots_office import DEVICES, OFFICE, PEOPLE, WRONG
from scripts.shots_selling import DISCOUNTS, GOODS, SELLING, STOCK

SHOTS: Final[tuple[Shot, ...]] = (
    *SELLING,
    *PEOPLE,
    *GOODS,
    *STOCK,
    *DISCOUNTS,
    *MEMBERS,
    *ACCOUNTS,
    *PAYING,
    *REFUNDS,
    *SHIFT,
    *OFFICE,
    *DEVICES,
    *WRONG,
)
