"""Draw the cashier's screen as it stands on a framebuffer of 800x480 dots in RGB565: read back out
of a file that the screen's own driver wrote, in English and in Chinese.
"""

import asyncio
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from PIL import Image

from edge.checkout.paper.receipt_writer import receipt_code
from edge.checkout.screens import CashierScreen, ScreenQr
from edge.checkout.shop import Language
from edge.checkout.words.texts import Word, text
from edge.demo.house import DEVICE
from edge.demo.steps import Take, Type
from edge.drivers.displays.screen_painter import ScreenPainter
from scripts.guide_play import play
from scripts.shot import COLA, Shot
from tests.support.framebuffer import RGB565, FileFramebuffer

PICTURES: Final = Path(__file__).parents[1] / "docs/pictures"
PANEL: Final = replace(RGB565, width=800, height=480)
COLOURS: Final = 64
BASKET: Final = (
    Take("Jasmine Rice 5 kg"),
    Type("3 X"),
    COLA,
    Take("Tomatoes", 1234),
    Take("Beef Noodles 5-pack"),
    Take("Eggs x10"),
)
REFUSED: Final = Shot("screen", "", "", "", (*BASKET, Type("77777 ENTER")), Word.TOTAL)
SOLD: Final = Shot("screen-sold", "", "", "", (*BASKET, Type("100 CASH")), Word.CHANGE)


def on_framebuffer(screen: CashierScreen, directory: Path, *, qr_turned: bool) -> Image.Image:
    """What a cashier sees of it, dot by dot."""
    kernel = FileFramebuffer(directory / "fb0", PANEL)
    kernel.plug()
    painter = ScreenPainter("screen", str(kernel.path), 0, qr_turned=qr_turned, ioctl=kernel.ioctl)
    for _ in painter.paint(screen):
        """Each step draws a part."""
    painter.close()
    return kernel.picture()


async def draw(directory: Path) -> None:
    """One picture of a sale, and one of a code for the customer after it, for each language."""
    for language in Language:
        sale = await play(REFUSED, language)
        sold = await play(SOLD, language)
        words = text(Word.RECEIPT_NO, language)
        sold = replace(sold, qr=ScreenQr(receipt_code(DEVICE, 1), f"{words} {DEVICE}-1"))
        for name, screen, turned in (("screen", sale, False), ("screen-qr", sold, True)):
            picture = on_framebuffer(screen, directory, qr_turned=turned)
            file = PICTURES / f"{name}.{language.value}.png"
            picture.quantize(COLOURS).save(file, optimize=True)


def main() -> None:
    with TemporaryDirectory(prefix="edge-screens-") as directory:
        asyncio.run(draw(Path(directory)))


if __name__ == "__main__":
    main()
