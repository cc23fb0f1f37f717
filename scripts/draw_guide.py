"""Draw the pictures of the cashier's guide anew: each task's screen in English and in Chinese."""

import asyncio
import sys
from pathlib import Path
from typing import Final

from PIL import Image

from edge.checkout.shop import Language
from edge.drivers.displays.screen_layout import GROUND
from edge.drivers.displays.screen_picture import draw_screen
from scripts.guide_play import ShotFailed, play
from scripts.guide_shots import SHOTS
from scripts.shot import Shot

PICTURES: Final = Path(__file__).parents[1] / "docs/pictures/tasks"
BETWEEN: Final = 16
# A screen has room for more rows than most tasks fill; what is empty is cut to this many dots.
EMPTY: Final = 12
DESK: Final = (208, 208, 208)
COLOURS: Final = 16


async def draw(shot: Shot) -> None:
    """The shot's picture, both languages side by side. Raises ShotFailed."""
    screens = [draw_screen(await play(shot, language)).convert("RGB") for language in Language]
    height, width = screens[0].height, screens[0].width
    picture = Image.new("RGB", (2 * width + BETWEEN, height), DESK)
    picture.paste(screens[0], (0, 0))
    picture.paste(screens[1], (width + BETWEEN, 0))
    top, bottom = largest_gap(screens)
    cut = max(0, bottom - top - EMPTY)
    below = picture.crop((0, top + cut, picture.width, height))
    picture.paste(below, (0, top))
    picture = picture.crop((0, 0, picture.width, height - cut))
    picture.quantize(COLOURS).save(PICTURES / f"{shot.name}.png", optimize=True)


def largest_gap(screens: list[Image.Image]) -> tuple[int, int]:
    """The most rows of dots one below the other that are empty on every screen."""
    gaps, top = [(0, 0)], None
    for row in range(screens[0].height):
        is_empty = all(
            screen.crop((0, row, screen.width, row + 1)).getcolors(1) == [(screen.width, GROUND)]
            for screen in screens
        )
        if is_empty and top is None:
            top = row
        elif not is_empty and top is not None:
            gaps.append((top, row))
            top = None
    return max(gaps, key=lambda gap: gap[1] - gap[0])


async def draw_all(names: list[str]) -> int:
    """All shots, or those named; the exit status."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    failed = 0
    for shot in SHOTS:
        if names and shot.name not in names:
            continue
        try:
            await draw(shot)
        except ShotFailed as failure:
            print(failure, file=sys.stderr)
            failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(draw_all(sys.argv[1:])))
