"""The staff file: taken whole, or refused whole with table, row, column and reason."""

from pathlib import Path

import pytest

from edge.checkout.people.duty import PinRule
from edge.checkout.people.staff import CASHIER, Permission, Shown
from edge.checkout.shop import Language
from edge.store.staff_file import LARGEST_FILE_BYTES, StaffRefused, read_staff

SALT, KEY = "c29tZXNhbHRzb21lc2FsdA", "TWFueSBoYW5kcyBtYWtlIGxpZ2h0IHdvcmsuIE1hbnk"
HASH = f"$argon2id$v=19$m=12288,t=3,p=1${SALT}${KEY}"
ANNA = {"number": '"12"', "name": '"Anna"', "role": '"cashier"', "pin": f'"{HASH}"'}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "staff.toml"


def person(**changed: str) -> str:
    fields = {**ANNA, **changed}
    return "[[people]]\n" + "".join(
        f"{name} = {value}\n" for name, value in fields.items() if value
    )


def refusal(path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StaffRefused) as refused:
        read_staff(path)
    assert KEY not in str(refused.value)
    assert SALT not in str(refused.value)
    return str(refused.value).replace(str(path), "staff").splitlines()


def test_people_with_their_roles(path: Path) -> None:
    path.write_text(
        '\ufeffon_receipt = "both"\npins = { most_wrong = 3, wait_minutes = 30 }\n'
        '[[roles]]\nname = "clerk"\npermissions = ["stock", "x_report"]\n'
        + person()
        + person(number='"7"', name='"陈"', role='"clerk"', language='"zh"', active="false"),
        encoding="utf-8",
    )
    staff = read_staff(path).staff("v1")
    assert (staff.version, staff.rule, staff.on_receipt) == ("v1", PinRule(3, 30), Shown.BOTH)
    anna, chen = staff.by_number["12"], staff.by_number["7"]
    assert (anna.name, anna.role, anna.pin_hash, anna.language) == ("Anna", CASHIER, HASH, None)
    assert chen.role.permissions == {Permission.STOCK, Permission.X_REPORT}
    assert (chen.language, chen.active) == (Language.CHINESE, False)
    assert staff.find("7") is None


def test_a_role_of_a_ready_one_s_name_stands_in_its_place(path: Path) -> None:
    role = '[[roles]]\nname = "cashier"\npermissions = ["sell", "refund"]\n'
    path.write_text(role + person(), encoding="utf-8")
    member = read_staff(path).staff("").by_number["12"]
    assert member.may(Permission.REFUND)
    assert not member.may(Permission.VOID_LINE)


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"number": "12"}, "people 1, number: Input should be a valid string"),
        (
            {"number": '"0012"'},
            "people 1, number: String should match pattern '^[1-9][0-9]{0,3}$'",
        ),
        ({"name": '""'}, "people 1, name: String should have at least 1 character"),
        ({"name": '" Anna"'}, "people 1, name: has blanks around it or can't be printed"),
        ({"name": r'"An\nna"'}, "people 1, name: has blanks around it or can't be printed"),
        ({"name": f'"{"A" * 25}"'}, "people 1, name: String should have at most 24 characters"),
        (
            {"role": '"boss"'},
            "people 1, role: 'boss' is none of cashier, manager, supervisor, trainee",
        ),
        ({"pin": '"1234"'}, "people 1, pin: is no argon2id hash: `edge staff pin` makes one"),
        ({"pin": ""}, "people 1, pin: is missing"),
        ({"language": '"fr"'}, "people 1, language: Input should be 'en' or 'zh'"),
        ({"active": '"no"'}, "people 1, active: Input should be a valid boolean"),
        ({"phone": '"123"'}, "people 1, phone: is no column of a staff file"),
        ({"active": "false"}, "people: nobody active in it may sell"),
    ],
)
def test_a_row_that_can_t_be_taken_is_named(path: Path, changed: dict[str, str], line: str) -> None:
    assert refusal(path, person(**changed)) == [f"staff: {line}"]


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ("m=4000000,t=3,p=1", "has m=4000000, 1024 to 65536 is what a till takes"),
        ("m=512,t=3,p=1", "has m=512, 1024 to 65536 is what a till takes"),
        ("m=12288,t=100,p=1", "has t=100, 1 to 10 is what a till takes"),
        ("m=12288,t=3,p=8", "has p=8, 1 to 4 is what a till takes"),
    ],
)
def test_a_hash_that_would_stop_a_small_box_is_refused(
    path: Path, parameters: str, reason: str
) -> None:
    costly = HASH.replace("m=12288,t=3,p=1", parameters)
    assert refusal(path, person(pin=f'"{costly}"')) == [f"staff: people 1, pin: {reason}"]


def test_every_fault_is_named_at_once(path: Path) -> None:
    twice = person() + person(name='"Ben"') + person(number='"7"', role='"boss"')
    assert refusal(path, twice) == [
        "staff: people 2, number: 12 stands in row 1 already",
        "staff: people 3, role: 'boss' is none of cashier, manager, supervisor, trainee",
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "people: is missing"),
        ("people = []", "people: needs at least 1"),
        ("staff = []\n" + person(), "staff: is no column of a staff file"),
        (
            "pins = { most_wrong = 1 }\n" + person(),
            "pins, most_wrong: Input should be greater than or equal to 3",
        ),
        (
            "pins = { wait_minutes = 0 }\n" + person(),
            "pins, wait_minutes: is 0, and nobody active may unlock (staff_unlock)",
        ),
        (
            '[[roles]]\nname = "clerk"\npermissions = ["fly"]\n' + person(),
            "roles 1, permissions, 0: Input should be 'sell', 'refund'",
        ),
    ],
)
def test_a_file_that_does_not_fit_together_is_refused(path: Path, text: str, line: str) -> None:
    (found,) = refusal(path, text)
    assert found.startswith(f"staff: {line}")


def test_a_role_stands_once(path: Path) -> None:
    role = '[[roles]]\nname = "clerk"\npermissions = []\n'
    assert refusal(path, role + role + person()) == [
        "staff: roles 2, name: clerk stands in row 1 already"
    ]


def test_what_is_no_toml_or_no_text_is_refused(path: Path) -> None:
    (line,) = refusal(path, "people = [")
    assert line.startswith("staff: is not TOML: ")
    path.write_bytes(b'# one\nname = "\xff"\n')
    with pytest.raises(StaffRefused, match=r"staff\.toml: line 2: is not UTF-8"):
        read_staff(path)
    path.write_bytes(b"#" * (LARGEST_FILE_BYTES + 1))
    with pytest.raises(StaffRefused, match="more than"):
        read_staff(path)


def test_no_text_of_the_file_shows_a_name_or_a_hash(path: Path) -> None:
    path.write_text(person(), encoding="utf-8")
    people = read_staff(path)
    assert "Anna" not in repr(people)
    assert KEY not in repr(people)


@pytest.mark.parametrize("value", ["9" * 5_000, "[" * 5_000 + "]" * 5_000, "[" * 90_000])
def test_what_the_reader_itself_gives_up_on_is_refused_without_its_content(
    path: Path, value: str
) -> None:
    assert refusal(path, f"on_receipt = {value}") == [
        "staff: a number too long, or brackets too deep"
    ]
