"""The guide's pictures are of what the till does: `make pictures` plays all of them, here a few."""

from dataclasses import replace

import pytest

from edge.checkout.shop import Language
from edge.checkout.words.texts import Word
from scripts import guide_play
from scripts.guide_play import ShotFailed, play
from scripts.guide_shots import SHOTS

BY_NAME = {shot.name: shot for shot in SHOTS}


@pytest.mark.parametrize(
    "name", ["discounts", "wallet", "unlock", "pay-back", "pending", "offline"]
)
async def test_a_shot_leads_to_the_screen_that_it_is_of(name: str) -> None:
    screen = await play(BY_NAME[name], Language.ENGLISH)
    assert screen.rows or screen.notice


async def test_a_shop_may_be_chinese() -> None:
    screen = await play(BY_NAME["discounts"], Language.CHINESE)
    assert (screen.title, screen.rows[0].left) == ("优惠", "零食买二赠一")


async def test_a_shot_that_leads_elsewhere_names_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guide_play, "PATIENCE_S", 1)
    with pytest.raises(ShotFailed, match=r"^sale: "):
        await play(replace(BY_NAME["sale"], shows=Word.REFUND), Language.ENGLISH)
