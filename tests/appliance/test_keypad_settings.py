"""A keypad's keymap in edge.toml: found beside it, and refused before the till starts."""

from pathlib import Path

import pytest

from edge.__main__ import main
from edge.drivers.keys.keypad_evdev import KeypadEvdevSettings
from edge.settings import SettingsRefused, read_settings

SETTINGS = """
[device]
id = "till-07"
[shop]
name = "Kiosk"
currency = "USD"
taxes = [{{ code = "A", rate_bp = 0 }}]
[store]
path = "till.db"
[[devices]]
driver = "keypad_evdev"
name = "pad"
usb = {{ vendor = "1a2c", product = "2124" }}
keymap = "{keymap}"
"""


def written(folder: Path, keymap: str) -> Path:
    config = folder / "edge.toml"
    config.write_text(SETTINGS.format(keymap=keymap), encoding="utf-8")
    return config


def keymap_of(config: Path) -> str:
    (pad,) = read_settings(config).devices
    assert isinstance(pad, KeypadEvdevSettings)
    return pad.keymap


@pytest.mark.parametrize("name", ["pad20", "pos"])
def test_a_keymap_that_comes_with_the_till_is_named(tmp_path: Path, name: str) -> None:
    assert keymap_of(written(tmp_path, name)) == name


@pytest.mark.parametrize("name", ["keys.toml", "./pad20", "pads/keys.toml"])
def test_a_file_is_beside_the_settings(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text('[keys]\nKEY_A = "CASH"\n')
    assert Path(keymap_of(written(tmp_path, name))) == path


def test_a_file_elsewhere_is_where_it_says(tmp_path: Path) -> None:
    path = tmp_path / "elsewhere.toml"
    path.write_text('[keys]\nKEY_A = "CASH"\n')
    (tmp_path / "etc").mkdir()
    assert keymap_of(written(tmp_path / "etc", str(path))) == str(path)


def test_a_bad_keymap_is_refused_with_file_key_and_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, path = written(tmp_path, "keys.toml"), tmp_path / "keys.toml"
    path.write_text('[keys]\nKEY_A = "CHASH"\nKAY_B = "CARD"\n')
    assert main(["check-config", "--config", str(config)]) == 2
    first, second = capsys.readouterr().err.splitlines()
    whose = f"{config}: keymap of pad: {path}"
    assert first.startswith(f"{whose}: keys.KEY_A: 'CHASH' is no key of the till: 0 1 2")
    assert second == f"{whose}: keys.KAY_B: the kernel knows no such key"
    with pytest.raises(SettingsRefused):
        read_settings(config)
    assert not (tmp_path / "till.db").exists()


def test_a_keymap_that_is_not_there_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = written(tmp_path, "pad21")
    assert main(["check-config", "--config", str(config)]) == 2
    assert capsys.readouterr().err == (
        f"{config}: keymap of pad: {tmp_path}/pad21: can't be read: No such file or directory;"
        " pad20 and pos come with the till\n"
    )
