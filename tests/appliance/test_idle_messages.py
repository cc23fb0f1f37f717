"""What a shop says on the customer's display between sales, from its settings to the display."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from edge.settings import Settings
from tests.support.house import counter, simulated_settings

MESSAGES = ("Members save 5 %", "会员日 周三", "Fresh bread every morning at eight")


def saying(folder: Path, *messages: str) -> Settings:
    settings = simulated_settings(folder).model_dump()
    settings["shop"]["idle"] = messages
    return Settings.model_validate(settings)


async def test_the_messages_of_the_settings_reach_the_display(tmp_path: Path) -> None:
    async with counter(saying(tmp_path, *MESSAGES)) as till:
        display = till.pole
        await till.until(lambda: len(display.screen.idle) == 1 + len(MESSAGES))
        assert display.screen.idle[1].lower.strip() == "Members save 5 %"


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("会" * 21, "does not fit into 2 lines of 20 columns"),
        ("seven words that take three separate lines.", "at most 40 characters"),
        ("unforgettable strawberries unforgettable", "does not fit into 2 lines of 20 columns"),
        ("two\nlines", "does not fit into 2 lines of 20 columns"),
        ("\x1b@", "does not fit into 2 lines of 20 columns"),
        ("", "at least 1 character"),
    ],
)
def test_a_message_that_the_display_can_t_hold_is_refused(
    tmp_path: Path, message: str, reason: str
) -> None:
    with pytest.raises(ValidationError, match=reason):
        saying(tmp_path, message)
