"""The shop's logo, from a file to the dots on paper."""

from pathlib import Path
from zlib import crc32

import pytest
from PIL import Image
from structlog.testing import capture_logs

from edge.checkout.paper.receipt import Picture, Receipt
from edge.drivers.printers.printer_escpos import encode
from edge.drivers.printers.printer_profiles import PaperSettings
from edge.logo import MOST_HIGH, MOST_WIDE, read_logo
from edge.settings import SettingsRefused
from tests.support.escpos_reader import EscposReader
from tests.support.house import counter, simulated_settings


def saved(path: Path, picture: Image.Image) -> Path:
    picture.save(path)
    return path


def test_black_becomes_dots_and_white_and_transparent_become_paper(tmp_path: Path) -> None:
    image = Image.new("RGBA", (8, 3), "white")
    for x in range(4):
        image.putpixel((x, 0), (0, 0, 0, 255))
        image.putpixel((x, 1), (0, 0, 0, 0))
    assert read_logo(saved(tmp_path / "logo.png", image)) == Picture(8, 3, bytes([0xF0, 0, 0]))


def test_a_large_picture_is_made_as_small_as_the_narrow_paper(tmp_path: Path) -> None:
    logo = read_logo(saved(tmp_path / "logo.png", Image.new("L", (1000, 200))))
    assert (logo.width, logo.height) == (MOST_WIDE, 77)
    tall = read_logo(saved(tmp_path / "tall.png", Image.new("L", (200, 1000))))
    assert (tall.width, tall.height) == (32, MOST_HIGH)


@pytest.mark.parametrize("columns", [32, 48])
def test_a_printer_gets_it_in_strips_and_prints_every_dot(tmp_path: Path, columns: int) -> None:
    logo = read_logo(saved(tmp_path / "logo.png", Image.new("L", (384, 100))))
    reader = EscposReader(columns)
    for data in encode(Receipt(1, copy=False, elements=(logo,)), PaperSettings(columns=columns)):
        reader.feed(data)
    (paper,) = reader.papers
    assert reader.complaints == []
    assert {width for width, _ in paper.strips} == {48}
    assert b"".join(rows for _, rows in paper.strips) == logo.bits


def test_a_file_that_is_no_picture_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    path.write_text("not a picture")
    with pytest.raises(SettingsRefused, match=r"logo\.png: is not a picture"):
        read_logo(path)
    with pytest.raises(SettingsRefused, match=r"none\.png: can't be read: No such file"):
        read_logo(tmp_path / "none.png")


def test_a_picture_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "logo.png", Image.effect_noise((300, 300), 50))
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(SettingsRefused, match=r"logo\.png: can't be read"):
        read_logo(path)


def test_a_photograph_is_too_large(tmp_path: Path) -> None:
    path = saved(tmp_path / "logo.png", Image.new("1", (5000, 4000)))
    with pytest.raises(SettingsRefused, match="5000 x 4000 is too large"):
        read_logo(path)


def test_a_picture_that_would_fill_the_memory_is_too_large(tmp_path: Path) -> None:
    path = saved(tmp_path / "logo.png", Image.new("1", (8, 8)))
    header = bytearray(path.read_bytes())
    header[16:24] = (60_000).to_bytes(4, "big") * 2  # IHDR: width, height (PNG, 11.2.2)
    header[29:33] = crc32(header[12:29]).to_bytes(4, "big")
    path.write_bytes(header)
    with pytest.raises(SettingsRefused, match="is too large"):
        read_logo(path)


async def test_without_its_logo_a_till_sells_and_says_why(tmp_path: Path) -> None:
    settings = simulated_settings(tmp_path)
    shop = settings.shop.model_copy(update={"logo": tmp_path / "none.png"})
    with capture_logs() as lines:
        async with counter(settings.model_copy(update={"shop": shop})) as till:
            await till.sell("Pencil")
    (refused,) = [line for line in lines if line["event"] == "logo_refused"]
    assert "none.png: can't be read" in refused["reason"]
