"""The shop's logo: a picture file becomes black dots for the receipt printer."""

from pathlib import Path
from typing import Final

from edge.checkout.paper.receipt import Picture
from edge.settings import SettingsRefused

# The dots of 58 mm paper, so that the same file fits every printer; and a receipt's head no longer
# than two fingers, for a serial printer at 115200 baud takes 0.7 s for that much.
MOST_WIDE: Final = 384
MOST_HIGH: Final = 160
# A photograph of a phone; more is no logo, and would be unpacked in memory first.
MOST_PIXELS: Final = 16_000_000
WHITE: Final = 255


def read_logo(path: Path) -> Picture:
    """The file in black and white, made smaller where it must be. Raises SettingsRefused."""
    # It takes a tenth of a second to import, and most shops have no logo.
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415

    try:
        with Image.open(path) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise SettingsRefused([f"{path}: {opened.width} x {opened.height} is too large"])
            image = Image.new("L", opened.size, WHITE)
            image.paste(opened.convert("L"), mask=opened.convert("RGBA").getchannel("A"))
    except UnidentifiedImageError:
        raise SettingsRefused([f"{path}: is not a picture that can be read"]) from None
    except Image.DecompressionBombError:
        raise SettingsRefused([f"{path}: is too large"]) from None
    except (OSError, ValueError, SyntaxError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SettingsRefused([f"{path}: can't be read: {reason}"]) from error
    image.thumbnail((MOST_WIDE, MOST_HIGH))
    # In Pillow a set bit is white, on paper it is black.
    dots = image.point(lambda level: WHITE - level).convert("1")
    return Picture(dots.width, dots.height, dots.tobytes())
