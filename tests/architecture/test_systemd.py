"""The unit under which the till runs on the box."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "systemd/edge.service"

Keys = dict[tuple[str, str], list[str]]


@pytest.fixture(scope="module")
def unit() -> Keys:
    """(section, key) -> values in order, for keys may be repeated."""
    keys: Keys = {}
    section = ""
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            key, separator, value = line.partition("=")
            assert separator, line
            keys.setdefault((section, key), []).append(value)
    return keys


def complaints(folder: Path, text: str) -> str:
    """What systemd says of a unit file, its program aside, which only the box has."""
    program = next(line for line in text.splitlines() if line.startswith("ExecStart="))
    file = folder / "edge.service"
    file.write_text(text.replace(program, "ExecStart=/bin/true"), encoding="utf-8")
    command = ["systemd-analyze", "verify", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = (done.stdout + done.stderr).splitlines()
    return "\n".join(line for line in said if "edge.service" in line)


def test_the_unit_says_what_the_till_relies_on(unit: Keys) -> None:
    expected = {
        ("Service", "Type"): "notify",
        ("Service", "ExecStart"): "/opt/edge/bin/edge run --config /etc/edge/edge.toml",
        ("Service", "Restart"): "always",
        ("Service", "StateDirectory"): "edge",
        ("Service", "ProtectSystem"): "strict",
        ("Service", "NoNewPrivileges"): "yes",
        ("Unit", "StartLimitIntervalSec"): "0",
        ("Install", "WantedBy"): "multi-user.target",
    }
    assert {key: unit[key] for key in expected} == {key: [value] for key, value in expected.items()}
    assert int(unit["Service", "WatchdogSec"][0]) >= 10
    assert not any(
        "network" in value
        for key in ("After", "Wants", "Requires")
        for value in unit.get(("Unit", key), [])
    )


def test_the_till_may_ask_whether_the_kernels_clock_is_disciplined_and_not_set_it(
    unit: Keys,
) -> None:
    """systemd.exec: ProtectClock, and a filter without these calls, refuse even a reading one."""
    (allowed,) = unit["Service", "SystemCallFilter"]
    assert {"adjtimex", "clock_adjtime"} <= set(allowed.split())
    assert ("Service", "ProtectClock") not in unit
    assert unit["Service", "CapabilityBoundingSet"] == [""]


def test_the_user_of_the_unit_is_made_on_the_box(unit: Keys) -> None:
    made = (ROOT / "systemd/sysusers.conf").read_text(encoding="utf-8").splitlines()
    assert any(line.split()[:2] == ["u", unit["Service", "User"][0]] for line in made)


def test_the_group_of_the_drawer_s_lines_is_made_and_given_them(unit: Keys) -> None:
    made = (ROOT / "systemd/sysusers.conf").read_text(encoding="utf-8").splitlines()
    groups = {line.split()[1] for line in made if line.startswith("g ")}
    (asked,) = unit["Service", "SupplementaryGroups"]
    # What every Debian has, and what is made here.
    assert set(asked.split()) <= {"dialout", "lp", "input", "video"} | groups
    rule = (ROOT / "systemd/60-edge-gpio.rules").read_text(encoding="utf-8")
    assert 'KERNEL=="gpiochip*", GROUP="gpio"' in rule


def test_systemd_understands_the_unit(unit: Keys, tmp_path: Path) -> None:
    """Where systemd is there to ask; a container without it still checks sections and keys."""
    assert {section for section, _ in unit} == {"Unit", "Service", "Install"}
    repeated = {key for (_, key), values in unit.items() if len(values) > 1}
    assert repeated <= {"DeviceAllow"}
    if shutil.which("systemd-analyze"):
        text = UNIT.read_text(encoding="utf-8")
        assert complaints(tmp_path, text) == ""
        assert "WatchdogSecs" in complaints(tmp_path, text.replace("WatchdogSec", "WatchdogSecs"))
