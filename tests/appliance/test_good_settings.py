"""What good settings come to: paths, the example in the documents, shifts."""

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from edge.checkout.shifts.shift import ShiftRules
from edge.drivers.registry import DeviceSettings
from edge.settings import read_settings
from tests.support.settings import ROOT, SETTINGS, written


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path)


def test_paths_are_relative_to_the_file(folder: Path) -> None:
    uplink = (
        '[uplink]\nhost = "b.example"\ntls = { ca = "ca.pem", cert = "c.pem", key = "/k.pem" }\n'
    )
    config = folder / "edge.toml"
    config.write_text(uplink + SETTINGS, encoding="utf-8")
    settings = read_settings(config)
    assert settings.store.path == folder / "till.db"
    assert settings.shop.catalogue == folder / "shelf.csv"
    assert settings.uplink is not None
    assert settings.uplink.tls is not None
    assert settings.uplink.tls.ca == folder / "ca.pem"
    assert settings.uplink.tls.key == Path("/k.pem")


def test_the_example_in_the_documents_is_good() -> None:
    settings = read_settings(ROOT / "docs/edge.toml")
    assert {device.name for device in settings.devices} >= {"scanner", "keypad", "printer"}
    assert settings.loyalty is not None
    given = [offer.promotion.id for offer in settings.loyalty.promotions]
    assert given == ["tier:gold", "segment:birthday", "coupon:spring"]


def test_what_the_example_only_mentions_is_good_as_well(tmp_path: Path) -> None:
    """`# name = value` is a setting that the reader may take over."""
    text = (ROOT / "docs/edge.toml").read_text(encoding="utf-8")
    mentioned = re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE)
    assert mentioned != text
    (tmp_path / "edge.toml").write_text(mentioned, encoding="utf-8")
    settings = read_settings(tmp_path / "edge.toml")
    assert settings.loyalty is not None
    files = settings.shop.catalogue, settings.shop.promotions
    assert files == (tmp_path / "products.csv", tmp_path / "promotions.json")
    assert settings.loyalty.members == tmp_path / "members.csv"
    assert settings.loyalty.leases == tmp_path / "leases.jsonl"


def test_the_devices_that_the_example_names_instead_are_good_as_well() -> None:
    """`#   [[devices]]` is one that the reader may take in the place of the one above."""
    text = (ROOT / "docs/edge.toml").read_text(encoding="utf-8")
    instead = "\n".join(re.findall(r"^#   (.*)$", text, flags=re.MULTILINE))
    devices = tomllib.loads(instead)["devices"]
    assert {device["driver"] for device in devices} >= {"drawer_gpio", "payment_manual"}
    for device in devices:
        TypeAdapter(DeviceSettings).validate_python(device)


SHIFTS = """
[shift]
required = true
max_float_minor = 20000
denominations = [100, 2000, 500]
"""


def test_a_shop_may_work_in_shifts_and_count_coins_of_its_own(folder: Path) -> None:
    config = folder / "edge.toml"
    config.write_text(SETTINGS + SHIFTS, encoding="utf-8")
    assert read_settings(config).shop_facts().shift == ShiftRules(
        required=True, max_float_minor=20_000, denominations=(2_000, 500, 100)
    )
