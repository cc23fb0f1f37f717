"""Rules that hold for every file of the repository."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_LINES = 400

# Put together here, so that this file does not hold what it looks for.
WORKPLACES = [f"/{name}/" for name in ("root", "work", "home", "Users")]
REGISTRIES = [
    ".".join(labels)
    for labels in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("deb", "debian", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("crates", "io"),
        ("conda", "anaconda", "org"),
    )
]
WORKPLACE = re.compile(r"(?<![\w.*})-])(?:" + "|".join(map(re.escape, WORKPLACES)) + ")")
MARKDOWN_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def repository_files() -> list[Path]:
    """Everything that is tracked, or would be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in sorted(set(listed.split("\0"))) if name]


def texts() -> list[tuple[Path, str]]:
    """The files that hold text, with it."""
    found = []
    for path in repository_files():
        if not path.is_file():
            continue
        content = path.read_bytes()
        if b"\0" not in content:
            found.append((path, content.decode("utf-8", errors="replace")))
    return found


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_package_registry() -> None:
    assert lines_with(re.compile("|".join(map(re.escape, REGISTRIES)))) == []


def test_no_file_names_a_path_of_a_workplace() -> None:
    assert lines_with(WORKPLACE) == []


@pytest.mark.parametrize("workplace", WORKPLACES)
@pytest.mark.parametrize("before", ["cd ", "'", "file://", "FOLDER="])
def test_a_path_of_a_workplace_is_noticed(before: str, workplace: str) -> None:
    assert WORKPLACE.search(f"{before}{workplace}till")


@pytest.mark.parametrize("text", ["docs/home/page.md", "https://a.example/work/b", "$X/root/"])
def test_a_part_of_another_path_is_none(text: str) -> None:
    assert not WORKPLACE.search(text)


def test_each_module_can_be_read_in_one_sitting() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path, text in texts()
        if path.suffix == ".py" and path.is_relative_to(ROOT / "edge")
        if (lines := len(text.splitlines())) > MOST_LINES
    }
    assert long == {}


def relative_links() -> list[tuple[Path, str]]:
    """Each link of a Markdown file to a file beside it."""
    return [
        (path, link.partition("#")[0])
        for path, text in texts()
        if path.suffix == ".md"
        for link in MARKDOWN_LINK.findall(text)
        if "://" not in link and not link.startswith(("#", "mailto:"))
    ]


def test_the_documents_link_to_files_that_are_there() -> None:
    links = relative_links()
    assert links
    broken = [
        f"{path.relative_to(ROOT)}: {link}"
        for path, link in links
        if not (path.parent / link).exists()
    ]
    assert broken == []


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs/decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    records = sorted(folder.glob("[0-9]*.md"))
    assert records
    for record in records:
        title = record.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        assert f"]({record.name})" in index, record.name
        assert re.match(r"\d{4}\. ", title), title
        assert title.partition(". ")[0] == record.name[:4]
