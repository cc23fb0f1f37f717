"""Draw the README's pictures anew: the demo's till, in the middle of a sale."""

import asyncio
import re
from collections.abc import Callable
from html import escape, unescape
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from textual.pilot import Pilot

from edge.checkout.paper.width import display_width
from edge.demo.app import TillApp
from edge.demo.device_panes import DrawerPane, Paper
from edge.demo.house import DemoHouse, logging_to, open_house
from edge.demo.shelf import MISREAD_CODE
from edge.demo.steps import Take, Type
from edge.hq.local_broker import local_broker

PICTURES = Path(__file__).parents[1] / "docs/pictures"
SIZE = (120, 40)
PATIENCE_S = 30

# Fonts that the picture would fetch from elsewhere; who looks at it has a monospaced one.
FETCHED_FONTS = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)
TEXT = re.compile(
    r'<text class="(?P<style>[^"]*)" x="(?P<x>[\d.]+)" y="(?P<y>[\d.]+)" textLength="[\d.]+"'
    r' clip-path="(?P<clip>[^"]*)">(?P<words>[^<]*)</text>'
)
# Wide characters, or narrow ones with single spaces between them.
WIDE = r"\u2e80-\u9fff\uff00-\uff60"
PIECES = re.compile(rf"[{WIDE}]+|[^\s{WIDE}]+(?: [^\s{WIDE}]+)*")
# As rich draws a terminal: characters of 20, in columns of 12.2.
EM, CELL = 20, 12.2
NO_BREAK_SPACE = "\u00a0"

SOLD = (
    (Take("Fresh Milk 950 ml"), Take("White Toast 400 g"), Type("CASH")),
    (
        Type("6 X"),
        Take("Lager Beer 330 ml"),
        Type("ENTER"),
        Take("Beef Jerky 100 g"),
        Type("CARD 260411 ENTER"),
    ),
    (Take("Apples Red Fuji", 846), Take("Egg Tart"), Type("20 CASH")),
)
IN_THE_BASKET = (
    Take("Jasmine Rice 5 kg"),
    Type("3 X"),
    Take("Cola 330 ml"),
    Take("Tomatoes", 1234),
    Take("Beef Noodles 5-pack"),
    Take("Eggs x10"),
)


def in_columns(text: re.Match[str]) -> str:
    """The text as pieces that each stand at their own column. Renderers that know no `textLength`,
    and Chinese fonts that are less than two columns wide, would let all that follows slip.
    """
    words = unescape(text["words"]).replace(NO_BREAK_SPACE, " ")
    drawn = []
    for piece in PIECES.finditer(words):
        columns = display_width(piece[0])
        is_wide = columns == 2 * len(piece[0])
        spacing = f' letter-spacing="{2 * CELL - EM:g}"' if is_wide else ""
        left = float(text["x"]) + CELL * display_width(words[: piece.start()])
        drawn.append(
            f'<text class="{text["style"]}" x="{left:g}" y="{text["y"]}"{spacing}'
            f' textLength="{CELL * columns:g}" clip-path="{text["clip"]}">'
            f"{escape(piece[0]).replace(' ', NO_BREAK_SPACE)}</text>"
        )
    return "".join(drawn)


def do(house: DemoHouse, *acts: Take | Type) -> None:
    """Hold goods before the scanner, and press keys."""
    for act in acts:
        if isinstance(act, Take):
            house.scanner.scan(house.shelf.named(act.name).scanned(act.weight_g))
        else:
            for key in act.pressed():
                house.keypad.press(key)


async def until(pilot: Pilot[None], seen: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not seen():
            await pilot.pause()


async def printed(house: DemoHouse, pilot: Pilot[None], receipts: int) -> None:
    await until(pilot, lambda: house.printer.printed == receipts)


async def picture(app: TillApp, pilot: Pilot[None], name: str) -> None:
    """Write what the terminal shows, once all of it has settled."""
    paper, drawer = app.query_one(Paper), app.query_one(DrawerPane)
    await until(pilot, lambda: not paper.is_moving)
    drawer.close()
    drawer.draw(app.language)
    await pilot.pause(1)  # headquarters' pane follows four times a second
    svg = FETCHED_FONTS.sub("", app.export_screenshot(title="edge demo"))
    (PICTURES / name).write_text(TEXT.sub(in_columns, svg), encoding="utf-8")


async def draw(directory: Path) -> None:
    async with open_house(directory, local_broker) as house:
        app = TillApp(house, Random(7))
        async with app.run_test(size=SIZE) as pilot:
            for number, acts in enumerate(SOLD, 1):
                do(house, *acts)
                await printed(house, pilot, number)
            do(house, *IN_THE_BASKET, Type("100"))
            await until(pilot, lambda: app.session.entry == "100")
            await picture(app, pilot, "till.svg")

            do(house, Type("CASH"))
            await printed(house, pilot, len(SOLD) + 1)
            assert house.hq is not None
            house.hq.cable.cut()
            await until(pilot, lambda: not app.session.online)
            do(house, Type("MENU 91"), *IN_THE_BASKET[:4], Type("CASH"))
            await printed(house, pilot, len(SOLD) + 2)
            do(house, *IN_THE_BASKET, Type("UP UP"))
            house.scanner.scan(MISREAD_CODE)
            await until(pilot, lambda: app.session.notice is not None)
            await picture(app, pilot, "till-offline-chinese.svg")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(prefix="edge-pictures-") as directory,
        logging_to(Path(directory) / "demo.log"),
    ):
        asyncio.run(draw(Path(directory)))


if __name__ == "__main__":
    main()
