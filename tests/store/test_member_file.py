from pathlib import Path

import pytest

from edge.checkout.loyalty.members import Member, MemberTrade
from edge.store.member_file import COLUMNS, ImportedMember, MembersRefused, read_members
from tests.support.loyalty import CHINA, SECRETS

HEADER = ",".join(COLUMNS)
WANG = "9007000012,9007000020,3,+8613812345678,王小明,1990-02-28,1,gold,vip tea,0,12,345600"
PARTS = dict(zip(COLUMNS, WANG.split(","), strict=True))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "members.csv"


def refusal(path: Path, *rows: str, header: str = HEADER) -> list[str]:
    path.write_text("\n".join((header, *rows)), encoding="utf-8")
    with pytest.raises(MembersRefused) as refused:
        read_members(path, CHINA)
    text = str(refused.value)
    assert [secret for secret in SECRETS if secret in text] == []
    return text.replace(str(path), "members").splitlines()


def row(**changed: str) -> str:
    return ",".join({**PARTS, **changed}.values())


def test_members_with_headquarters_figures(path: Path) -> None:
    nobody = "9007000036,9007000036,1,,,,0,,,1,0,0"
    path.write_text(f"\ufeff{HEADER}\n{WANG}\n\n{nobody}\n", encoding="utf-8")
    wang, other = read_members(path, CHINA)
    assert wang == ImportedMember(
        Member(
            *("9007000012", "9007000020", 3, "+8613812345678", "王小明", "1990-02-28", True),
            *("gold", ("vip", "tea"), False),
        ),
        MemberTrade(12, 345_600),
    )
    assert other.member.blocked


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("number", "9007000013", "is no member's number: ten digits that begin with 9, and hold"),
        ("card", "1", "is no card's number: ten digits that begin with 9, and hold"),
        ("revision", "-1", "is no whole number"),
        ("phone", "13812345678", "is neither empty nor + and a number of this country's plan"),
        ("phone", "+861381234567", "is neither empty nor + and a number of this country's plan"),
        ("name", "x" * 41, "is too long or can't be printed"),
        ("birthday", "1990-02-30", "is neither empty nor MM-DD nor YYYY-MM-DD"),
        ("birthday", "19900228", "is neither empty nor MM-DD nor YYYY-MM-DD"),
        ("consent", "yes", "is neither 0 nor 1"),
        ("tier", "x" * 17, "is too long or can't be printed"),
        ("segments", "x" * 201, "are too long or can't be printed"),
        ("blocked", "", "is neither 0 nor 1"),
        ("purchases", "1.5", "is no whole number"),
        ("spent_minor", "9" * 12, "is no whole number of minor units"),
    ],
)
def test_the_file_is_refused_whole_with_row_column_and_reason(
    path: Path, column: str, cell: str, reason: str
) -> None:
    assert (
        refusal(path, row(), row(**{"number": "9007000036", "card": "9007000036", column: cell}))[0]
        == f"members: row 3, {column}: {reason}"
    )


def test_numbers_and_cards_stand_once(path: Path) -> None:
    assert refusal(path, row(), row()) == [
        "members: row 3, number: stands in row 2 already",
        "members: row 3, card: stands in row 2 already",
    ]


def test_a_file_of_another_shape(path: Path) -> None:
    assert refusal(path, "a,b") == ["members: row 2, columns: 2 cells, 12 are wanted"]
    assert refusal(path) == ["members: no members in it"]
    assert refusal(path, WANG, header="number") == [f"members: row 1: the header is not {HEADER}"]
    (line,) = refusal(path, '"王小明')
    assert line.startswith("members: is not CSV: ")
    assert len(refusal(path, *["x"] * 100)) == 20


def test_a_file_that_is_not_utf_8_or_too_large(path: Path) -> None:
    path.write_bytes(HEADER.encode() + b"\n" + WANG.encode("gb18030"))
    with pytest.raises(MembersRefused, match="row 2: is not UTF-8") as refused:
        read_members(path, CHINA)
    assert refused.value.__cause__ is None
    with path.open("wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)
    with pytest.raises(MembersRefused, match="more than 67108864 bytes"):
        read_members(path, CHINA)
