"""What importing pulls in, seen from a fresh interpreter: through every library, not only ours."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in (ROOT / "edge").rglob("*.py")
    if path.name not in {"__init__.py", "__main__.py"} and "migrations" not in path.parts
)
CORE = [name for name in MODULES if name.startswith("edge.checkout.")]

LOADED_BY_CORE = """
import importlib, sys
for name in {core!r}:
    importlib.import_module(name)
print(*sorted(name for name in sys.modules if "." not in name))
"""

# Importing everything starts nothing: no thread, no child, no file or socket left open, and
# nothing on stdout or stderr.
IMPORT_EVERYTHING = """
import importlib, os, threading
files_before = len(os.listdir("/proc/self/fd"))
for name in {modules!r}:
    importlib.import_module(name)
assert threading.enumerate() == [threading.main_thread()], threading.enumerate()
assert len(os.listdir("/proc/self/fd")) == files_before, os.listdir("/proc/self/fd")
try:
    child, _ = os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    child = None
assert child is None
"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def loaded_by_core() -> set[str]:
    """The top-level modules that an interpreter holds after importing all of the core."""
    done = run(LOADED_BY_CORE.format(core=CORE))
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "module", ["asyncio", "sqlite3", "socket", "logging", "random", "subprocess", "ssl", "ctypes"]
)
def test_core_does_not_load(module: str, loaded_by_core: set[str]) -> None:
    assert "edge" in loaded_by_core
    assert module not in loaded_by_core


def test_core_needs_nothing_but_the_standard_library(loaded_by_core: set[str]) -> None:
    ours = {"edge", "__main__", "__mp_main__"}
    # What .pth files of the environment load, before any code runs, is no doing of the core.
    environment = set(run("import sys; print(*sys.modules)").stdout.split())
    assert loaded_by_core - ours - environment - set(sys.stdlib_module_names) == set()


def test_importing_any_module_does_no_work() -> None:
    done = run(IMPORT_EVERYTHING.format(modules=MODULES))
    assert done.stdout + done.stderr == ""
    assert done.returncode == 0
