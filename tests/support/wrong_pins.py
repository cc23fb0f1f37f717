"""Tills at which somebody has keyed wrong PINs."""

from tests.support.staff import StaffTill

LOCKING = 5


def wrong(till: StaffTill, times: int = LOCKING, number: str = "12") -> StaffTill:
    """So many wrong PINs in a row, at a till that is signed off."""
    till.press(f"{number} ENTER")
    for _ in range(times):
        till.pin("0000")
    return till


def two_locked() -> StaffTill:
    till = wrong(wrong(StaffTill()), number="9").sign_on("7", "70707")
    till.press("MENU 66")
    return till
