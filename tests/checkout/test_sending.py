"""An e-receipt: who wants which receipt, and where to, is on record; headquarters sends it."""

from dataclasses import replace

import pytest

from edge.checkout.paper.sending import read_email
from edge.checkout.records import EntryKind, Sale
from edge.checkout.session import State
from tests.support.playbook import Till


def asked(keys: str = "MENU 71") -> Till:
    return Till().sell("1001").press(keys).found()


def test_the_last_receipt_goes_to_a_phone_number() -> None:
    till = asked()
    assert (till.screen.title, till.state) == ("Send receipt 1", State.ASKING)
    assert till.notice == "Phone, ENTER - or scan the e-mail"
    till.press("13800138000 ENTER").stored()
    assert (till.state, till.notice) == (State.IDLE, "Receipt 1 will be sent")
    assert till.kinds == [EntryKind.SALE, EntryKind.RECEIPT_REQUESTED]
    body = till.journal[-1].body
    assert body["receipt_no"] == 1
    assert body["member"] == ""
    assert dict(body["person"]) == {"phone": "+8613800138000", "email": ""}


def test_an_older_receipt_by_its_number() -> None:
    till = Till().sell("1001").sell("1002").press("1 MENU 71").found()
    assert till.screen.title == "Send receipt 1"


@pytest.mark.parametrize("code", ["ana@example.org", "mailto:ana@example.org?subject=x"])
def test_an_address_that_the_customer_shows_is_scanned(code: str) -> None:
    till = asked().scan(code).stored()
    assert dict(till.journal[-1].body["person"]) == {"phone": "", "email": "ana@example.org"}


def test_what_is_no_address_is_refused_and_the_question_stays() -> None:
    till = asked().scan("1001")
    assert (till.state, till.notice) == (State.ASKING, "No e-mail address - scan again")
    till.press("123 ENTER")
    assert (till.state, till.notice) == (State.ASKING, "No such phone number - CLEAR")
    till.press("ENTER")
    assert till.notice == "No member - key a phone number"
    assert till.press("CLEAR").state is State.IDLE
    assert till.kinds == [EntryKind.SALE]


def test_there_is_no_such_receipt() -> None:
    assert asked("7 MENU 71").notice == "No such receipt - key another"


def test_a_members_receipt_goes_to_the_member() -> None:
    till = Till().sell("1001")
    sale, at = till._sold[1]
    till._sold[1] = (of_member(sale), at)
    till.press("MENU 71").found()
    assert till.notice == "Phone, ENTER - ENTER: to the member"
    till.press("ENTER").stored()
    assert till.journal[-1].body["member"] == "7000123"


def of_member(sale: Sale) -> Sale:
    return replace(sale, member="7000123")


def test_nobody_reads_an_address_in_a_message() -> None:
    till = asked().press("13800138000 ENTER").stored()
    assert "13800138000" not in repr(till.journal[-1])


@pytest.mark.parametrize(
    "text",
    ["", "a", "a@b", "a b@c.de", "@c.de", "a@b@c.de", "mailto:", "a@b.", "x" * 65 + "@a.de"],
)
def test_what_is_no_email_address(text: str) -> None:
    assert read_email(text) is None


def test_an_email_address_has_an_end() -> None:
    assert read_email("a@" + "b" * 250 + ".de") is None
