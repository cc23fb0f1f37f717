"""What is installed is pinned by its bytes, and where it comes from is left to the machine."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ["requirements.lock", "requirements-box.lock"]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+) \\$", re.MULTILINE)


def pins(lock: str) -> dict[str, str]:
    """Package -> version."""
    return dict(PIN.findall((ROOT / lock).read_text(encoding="utf-8")))


def required(extra: str | None) -> set[str]:
    """The packages that pyproject names, for all installations or for an extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] if extra is None else project["optional-dependencies"][extra]
    names = {re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower() for requirement in wanted}
    return names - {"edge-till"}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_hashes(lock: str) -> None:
    for block in re.split(r"\n(?=[A-Za-z0-9])", (ROOT / lock).read_text(encoding="utf-8"))[1:]:
        assert PIN.match(block), block
        assert "--hash=sha256:" in block


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_says_where_packages_come_from(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"://|\s@\s|^\s*-[-if]", text.replace("    --hash", ""), re.MULTILINE)


def test_the_box_carries_what_it_needs_and_nothing_of_headquarters_or_development() -> None:
    box = set(pins("requirements-box.lock"))
    assert required(None) | required("device") <= box
    assert not box & (required("hq") | required("demo") | required("dev") - {"setuptools"})
    assert "rich" not in box


def test_both_locks_agree() -> None:
    everything = pins("requirements.lock")
    assert pins("requirements-box.lock").items() <= everything.items()
    for extra in ("device", "hq", "demo", "dev"):
        assert required(extra) <= set(everything)
