"""`edge screen --png`: what the cashier sees now, asked of the running till."""

import asyncio
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from edge.__main__ import REFUSED, WELL, main
from edge.control import ControlSocket, socket_path
from edge.drivers.displays.screen_picture import draw_screen
from edge.screen_shot import SCREEN
from tests.support.devices import running
from tests.support.framebuffer import turned
from tests.support.house import Counter, counter, simulated_settings


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[Counter]:
    async with counter(simulated_settings(tmp_path, shop={"screen_qr": True})) as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "till.db"


async def shot(store: Path, png: Path, *more: str) -> int:
    """As a technician asks, from another process than the till's."""
    arguments = ("screen", "--store", str(store), "--png", str(png), *more)
    return await asyncio.to_thread(main, arguments)


def is_the_same(png: Path, till: Counter, size: tuple[int, int]) -> bool:
    assert till.screen.screen is not None
    picture = Image.open(png).convert("RGB")
    return not ImageChops.difference(picture, draw_screen(till.screen.screen, size)).getbbox()


async def test_the_picture_is_what_the_cashier_sees(
    till: Counter, store: Path, tmp_path: Path
) -> None:
    png = tmp_path / "screen.png"
    assert await shot(store, png) == WELL
    assert is_the_same(png, till, (800, 480))
    till.scan("Pencil")
    await till.until(lambda: till.rows == ["Pencil"])
    assert await shot(store, png, "--size", "1280x800") == WELL
    assert is_the_same(png, till, (1280, 800))


async def test_a_code_on_the_screen_is_in_the_picture(
    till: Counter, store: Path, tmp_path: Path
) -> None:
    await till.sell("Tea")
    await till.until(lambda: till.screen.screen is not None and till.screen.screen.qr is not None)
    png = tmp_path / "screen.png"
    assert await shot(store, png, "--size", "480x800") == WELL
    assert is_the_same(png, till, (480, 800))


async def test_without_a_till_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "till.db"
    assert await shot(store, tmp_path / "screen.png") == REFUSED
    assert capsys.readouterr().err == f"{store}: no till runs on this store\n"
    # What a till that was killed leaves behind.
    socket_path(store).touch()
    assert await shot(store, tmp_path / "screen.png") == REFUSED
    assert not (tmp_path / "screen.png").exists()


async def test_a_till_of_another_version_is_not_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def answer() -> object:
        return {"title": "Sale", "hologram": 1}

    async def copy(_: Path) -> None:
        raise AssertionError("nobody asked for a copy")

    control = ControlSocket(tmp_path / "till.db", copy, {SCREEN: answer})
    async with running(control):
        await turned(socket_path(tmp_path / "till.db").exists)
        assert await shot(tmp_path / "till.db", tmp_path / "screen.png") == REFUSED
    assert "another version of the software" in capsys.readouterr().err


@pytest.mark.parametrize("size", ["99999x99999", "10x10"])
async def test_a_size_that_no_screen_has_is_refused(
    till: Counter, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], size: str
) -> None:
    assert till.screen.screen is not None
    assert await shot(store, tmp_path / "screen.png", "--size", size) == REFUSED
    assert "no size of a cashier's screen" in capsys.readouterr().err


@pytest.mark.parametrize("size", ["800", "800x", "x", "800x480x2", "-800x480", "wide"])
def test_a_size_is_two_numbers(store: Path, size: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(("screen", "--store", str(store), "--png", "a.png", f"--size={size}"))
    assert f"{size!r} is no size such as 800x480" in capsys.readouterr().err


async def test_a_picture_that_can_not_be_written_is_refused(
    till: Counter, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert till.screen.screen is not None
    assert await shot(store, tmp_path / "none" / "screen.png") == REFUSED
    assert "No such file" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["screen.psd", "screen.xpm", "screen", "png"])
async def test_a_picture_that_is_called_otherwise_is_refused(
    till: Counter, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert till.screen.screen is not None
    assert await shot(store, tmp_path / name) == REFUSED
    assert capsys.readouterr().err == f"{tmp_path / name}: it is a PNG, so end its name in .png\n"
    assert not (tmp_path / name).exists()
    assert await shot(store, tmp_path / "SCREEN.PNG") == WELL


async def test_only_who_may_read_the_store_sees_the_screen(till: Counter, store: Path) -> None:
    assert till.screen.screen is not None
    assert stat.S_IMODE(socket_path(store).stat().st_mode) == 0o600
