"""The shop's people from a TOML file, taken whole or refused whole. No error shows a PIN's hash."""

import re
import stat
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from edge.checkout.people.duty import PinRule
from edge.checkout.people.staff import READY_ROLES, Permission, Role, Shown, Staff, StaffMember
from edge.checkout.shop import Language
from edge.plain_words import in_words
from edge.store.shop_bytes import read_within, text_of

# Everybody of a large shop several times over; a row is some 200 bytes.
LARGEST_FILE_BYTES: Final = 1024 * 1024
MOST_PEOPLE: Final = 500
MOST_ROLES: Final = 32
LISTED_ERRORS: Final = 20

# What `edge staff pin` writes, or another tool with other parameters: RFC 9106's encoding.
_HASH: Final = re.compile(
    r"\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,3}),p=(\d{1,3})\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,86}"
)
# A hash decides how long and with how much memory it is checked: no file may stop a small box.
_COSTS: Final = {"m": range(1_024, 65_537), "t": range(1, 11), "p": range(1, 5)}


class StaffRefused(ValueError):  # noqa: N818 - a refusal: the people before stay
    """People that can't be taken; a line for each of the first errors: file, row and reason."""


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class PinSettings(Model):
    """See edge.checkout.people.duty.PinRule; `wait_minutes` 0: only somebody who may unlocks."""

    most_wrong: int = Field(default=5, ge=3, le=10)
    wait_minutes: int = Field(default=10, ge=0, le=1_440)


class RoleRow(Model):
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,23}$")]
    permissions: tuple[Annotated[Permission, Field(strict=False)], ...] = Field(
        max_length=len(Permission), strict=False
    )


class PersonRow(Model):
    number: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,3}$")]
    name: str = Field(min_length=1, max_length=24, repr=False)
    role: str = Field(max_length=24)
    pin: str = Field(repr=False)
    language: Annotated[Language, Field(strict=False)] | None = None
    active: bool = True

    @field_validator("name")
    @classmethod
    def _printable(cls, name: str) -> str:
        if not name.isprintable() or name != name.strip():
            raise ValueError("has blanks around it or can't be printed")
        return name

    @field_validator("pin")
    @classmethod
    def _hashed(cls, pin: str) -> str:
        found = _HASH.fullmatch(pin)
        if found is None:
            raise ValueError("is no argon2id hash: `edge staff pin` makes one")
        for name, cost in zip("mtp", found.groups(), strict=True):
            if int(cost) not in _COSTS[name]:
                allowed = f"{_COSTS[name].start} to {_COSTS[name].stop - 1}"
                raise ValueError(f"has {name}={cost}, {allowed} is what a till takes")
        return pin


class StaffFile(Model):
    """A staff file, checked. Roles of the file stand beside the ready ones, or in their place."""

    pins: PinSettings = PinSettings()
    on_receipt: Annotated[Shown, Field(strict=False)] = Shown.NUMBER
    roles: tuple[RoleRow, ...] = Field(default=(), max_length=MOST_ROLES, strict=False)
    people: tuple[PersonRow, ...] = Field(min_length=1, max_length=MOST_PEOPLE, strict=False)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        errors = [
            *_twice("roles", "name", [role.name for role in self.roles]),
            *_twice("people", "number", [person.number for person in self.people]),
            *(
                f"people {row}, role: {person.role!r} is none of {', '.join(sorted(self._roles()))}"
                for row, person in enumerate(self.people, start=1)
                if person.role not in self._roles()
            ),
        ]
        if not errors:
            errors = self._missing()
        if errors:
            raise ValueError("\n".join(errors))
        return self

    def _missing(self) -> list[str]:
        members = self.staff("").by_number.values()
        if not any(member.may(Permission.SELL) for member in members):
            return ["people: nobody active in it may sell"]
        needs_unlocking = not self.pins.wait_minutes
        if needs_unlocking and not any(each.may(Permission.STAFF_UNLOCK) for each in members):
            return ["pins, wait_minutes: is 0, and nobody active may unlock (staff_unlock)"]
        return []

    def _roles(self) -> Mapping[str, Role]:
        own = {role.name: Role(role.name, frozenset(role.permissions)) for role in self.roles}
        return {**READY_ROLES, **own}

    def staff(self, version: str) -> Staff:
        """The people as the till knows them."""
        roles = self._roles()
        return Staff(
            version=version,
            by_number={
                each.number: StaffMember(
                    number=each.number,
                    name=each.name,
                    role=roles[each.role],
                    pin_hash=each.pin,
                    language=each.language,
                    active=each.active,
                )
                for each in self.people
            },
            rule=PinRule(self.pins.most_wrong, self.pins.wait_minutes),
            on_receipt=self.on_receipt,
        )


def read_staff(path: Path) -> StaffFile:
    """The people of a TOML file as docs/staff.md says. Raises StaffRefused, OSError."""
    return parse_staff(read_bytes(path), str(path))


def read_bytes(path: Path) -> bytes:
    """What the file holds. Raises StaffRefused for a larger one than there is, OSError."""
    return read_within(path, LARGEST_FILE_BYTES, StaffRefused)


def open_to_all(path: Path) -> str:
    """What to say of a file that everybody on the box may read, empty for another. Raises OSError.

    Who reads it can try PINs without a lock.
    """
    readable = path.stat().st_mode & stat.S_IROTH
    return (
        f"{path}: everybody may read it and try PINs without a lock: chmod o-r" if readable else ""
    )


def parse_staff(data: bytes, path: str) -> StaffFile:
    """The people of a file's content. Raises StaffRefused with `path` in each line."""
    text = text_of(data, path, StaffRefused, line="line")
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StaffRefused(f"{path}: is not TOML: {error}") from None
    except (ValueError, RecursionError):
        # Python refuses numbers of thousands of digits, and gives up a thousand brackets deep.
        raise StaffRefused(f"{path}: a number too long, or brackets too deep") from None
    try:
        return StaffFile.model_validate(raw)
    except ValidationError as error:
        lines = [line for each in _errors(error) for line in _lines(each)]
        raise StaffRefused("\n".join(f"{path}: {line}" for line in lines[:LISTED_ERRORS])) from None


def _errors(error: ValidationError) -> list[Mapping[str, Any]]:
    """All of them, but for a list that is called too short because what is in it is wrong."""
    errors: list[Mapping[str, Any]] = [*error.errors(include_input=False, include_url=False)]
    tables = {each["loc"][0] for each in errors if len(each["loc"]) > 1}
    return [each for each in errors if each["type"] != "too_short" or each["loc"][0] not in tables]


def _lines(error: Mapping[str, Any]) -> list[str]:
    """What is wrong, a line each: table, row from 1, column, reason."""
    place: Sequence[int | str] = error["loc"]
    reason = in_words(error, {})
    if not place:
        return list(reason.splitlines())
    if error["type"] == "extra_forbidden":
        reason = "is no column of a staff file"
    table = str(place[0])
    if len(place) > 1 and isinstance(place[1], int):
        table, place = f"{table} {place[1] + 1}", place[1:]
    return [", ".join([table, *(str(part) for part in place[1:])]) + f": {reason}"]


def _twice(table: str, column: str, keys: Sequence[str]) -> list[str]:
    return [
        f"{table} {row}, {column}: {key} stands in row {keys.index(key) + 1} already"
        for row, key in enumerate(keys, start=1)
        if keys.index(key) + 1 != row
    ]
