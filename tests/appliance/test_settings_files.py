"""The files that settings name: each that is not there or not what it should be is one line."""

from pathlib import Path

import pytest

from edge.__main__ import main
from edge.settings import read_settings
from tests.support.pki import make_authority
from tests.support.settings import HEADER, PENCIL, SETTINGS, complaints, written


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path)


def test_a_staff_file_that_would_be_refused_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = folder / "edge.toml"
    named = SETTINGS.replace('catalogue = "shelf.csv"', 'staff = "staff.toml"')
    config.write_text(named, encoding="utf-8")
    staff = folder / "staff.toml"
    assert complaints(config, capsys) == [
        f"{config}: shop.staff: {staff}: can't be read: No such file or directory"
    ]
    staff.write_text("[[people]]\nnumber = '1'\nname = 'A'\nrole = 'manager'\npin = '1234'\n")
    (line,) = complaints(config, capsys)
    reason = "people 1, pin: is no argon2id hash: `edge staff pin` makes one"
    assert line == f"{config}: shop.staff: {staff}: {reason}"


# --- the catalogue that the settings name


@pytest.mark.parametrize(
    ("catalogue", "reason"),
    [
        ("plu;price\n", "row 1: the header is not plu,"),
        (HEADER, "no products in it"),
        (HEADER + PENCIL.replace("120", "1.20"), "row 2, price_minor"),
        (HEADER + PENCIL + PENCIL, "row 3, plu: '1001' stands in row 2 already"),
        (HEADER + PENCIL.replace(",A,", ",Z,"), "tax code 'Z' has no rate in shop.taxes"),
        (HEADER + PENCIL.replace("each", "box"), "row 2, unit"),
    ],
)
def test_a_catalogue_that_is_none_is_named_with_its_row(
    folder: Path, catalogue: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf = folder / "shelf.csv"
    shelf.write_text(catalogue, encoding="utf-8")
    lines = complaints(folder / "edge.toml", capsys)
    assert lines[0].startswith(f"{folder}/edge.toml: shop.catalogue: {shelf}: ")
    assert reason in lines[0]


def test_a_catalogue_that_is_not_there_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "shelf.csv").unlink()
    (line,) = complaints(folder / "edge.toml", capsys)
    reason = f"{folder}/shelf.csv: can't be read: No such file or directory"
    assert line == f"{folder}/edge.toml: shop.catalogue: {reason}"


# --- the store


@pytest.mark.parametrize("path", ["gone/till.db", "shelf.csv/till.db"])
def test_a_store_in_a_folder_that_is_not_there_is_named(
    folder: Path, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    config = folder / "edge.toml"
    config.write_text(SETTINGS.replace("till.db", path), encoding="utf-8")
    missing = (folder / path).parent
    assert complaints(config, capsys) == [f"{config}: store.path: {missing}: no such folder"]


# --- the certificates that the settings name


@pytest.fixture
def secured(folder: Path) -> Path:
    """Settings with an uplink and its three files."""
    files = make_authority(folder).client("till-07")
    names = ", ".join(f'{name} = "{path.name}"' for name, path in files)
    tls = f'[uplink]\nhost = "b.example"\ntls = {{ {names} }}\n'
    config = folder / "edge.toml"
    config.write_text(SETTINGS + tls, encoding="utf-8")
    return config


def test_certificates_that_fit_together_are_well(secured: Path) -> None:
    assert main(["check-config", "--config", str(secured)]) == 0


def test_every_certificate_file_that_is_not_there_is_named(
    secured: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = read_settings(secured).uplink.tls
    for _, path in files:
        path.unlink()
    assert complaints(secured, capsys) == [
        f"{secured}: uplink.tls.{name}: {path}: can't be read: No such file or directory"
        for name, path in files
    ]


@pytest.mark.parametrize(
    ("name", "reason"), [("ca", "no certificate"), ("cert", "no certificate"), ("key", "no key of")]
)
def test_a_certificate_file_that_is_none_is_named(
    secured: Path, name: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = getattr(read_settings(secured).uplink.tls, name)
    path.write_text("a letter to the editor", encoding="utf-8")
    (line,) = complaints(secured, capsys)
    assert line.startswith(f"{secured}: uplink.tls.{name}: {path}: {reason}")


def test_another_certificate_s_key_is_named(
    secured: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = read_settings(secured).uplink.tls
    other = make_authority(secured.parent, "other").client("till-08")
    files.key.write_bytes(other.key.read_bytes())
    (line,) = complaints(secured, capsys)
    assert line.startswith(f"{secured}: uplink.tls.key: {files.key}: no key of {files.cert}: ")


def test_another_till_s_certificate_is_named(
    secured: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = read_settings(secured).uplink.tls
    other = make_authority(secured.parent, "other").client("till-08")
    files.cert.write_bytes(other.cert.read_bytes())
    files.key.write_bytes(other.key.read_bytes())
    reason = f"certificate {files.cert} is for till-08, device.id is till-07"
    assert complaints(secured, capsys) == [f"{secured}: uplink.tls.cert: {reason}"]


def test_certificates_and_catalogue_are_complained_of_together(
    secured: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (secured.parent / "shelf.csv").unlink()
    read_settings(secured).uplink.tls.ca.unlink()
    assert len(complaints(secured, capsys)) == 2


def test_settings_are_read_without_certificates(secured: Path) -> None:
    """So the daemon starts, and sells offline until they come."""
    for _, path in read_settings(secured).uplink.tls:
        path.unlink()
    assert read_settings(secured).uplink is not None
