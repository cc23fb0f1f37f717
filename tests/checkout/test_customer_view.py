"""What the customer sees where the display has no Chinese, and between sales."""

from dataclasses import replace

from edge.checkout.asking import ask
from edge.checkout.paper.width import display_width
from edge.checkout.payments.paying_back import PAY_BACK
from edge.checkout.screens import CustomerLine, CustomerScreen, lay_line
from edge.checkout.session import State
from edge.checkout.shop import Language
from edge.checkout.views import show
from tests.support.playbook import SHOP, Till
from tests.support.till_states import IN_STATE

MESSAGES = ("Members save 5 %", "会员日 周三", "Fresh bread every morning at eight")


def seen(till: Till, *messages: str, language: Language = Language.CHINESE) -> CustomerScreen:
    shop = replace(SHOP, language=language)
    return show(till.session, replace(till.facts, shop=shop, idle_messages=messages)).customer


def test_what_is_ascii_already_has_no_plain_variant() -> None:
    assert seen(Till().scan("1001"), language=Language.ENGLISH).plain is None


def test_the_plain_variant_has_english_words_and_names_and_is_laid_out_later() -> None:
    till = Till().scan("1001")
    assert seen(till) == CustomerScreen(
        "可乐                ",
        "                3.50",
        (CustomerLine("Cola"), CustomerLine("", "3.50")),
    )
    assert seen(till.press("SUBTOTAL")).plain == (
        CustomerLine("Items: 1"),
        CustomerLine("TOTAL", "¥3.50"),
    )
    assert seen(till.press("CASH").stored()).plain == (
        CustomerLine("TOTAL", "¥3.50"),
        CustomerLine("Thank you"),
    )


def test_a_till_that_has_stopped_shows_nothing_to_anybody() -> None:
    assert seen(IN_STATE[State.STOPPED](), *MESSAGES) == CustomerScreen(" " * 20, " " * 20)


def test_between_sales_messages_take_turns_with_the_shop_s_name() -> None:
    idle = seen(Till(), *MESSAGES).idle
    assert [(each.upper.strip(), each.lower.strip()) for each in idle] == [
        ("小店 Corner Shop", "欢迎光临"),
        ("小店 Corner Shop", "Members save 5 %"),
        ("小店 Corner Shop", "会员日 周三"),
        ("Fresh bread every", "morning at eight"),
    ]
    assert {display_width(line) for each in idle for line in (each.upper, each.lower)} == {20}
    assert idle[0].plain is not None
    assert lay_line(idle[0].plain[1], 20) == "      Welcome       "


def test_messages_follow_a_sale_but_never_interrupt_one() -> None:
    till = Till()
    assert seen(till).idle == ()
    assert seen(till.scan("1001"), *MESSAGES).idle == ()
    assert seen(till.press("CASH"), *MESSAGES).idle == ()
    assert len(seen(till.stored(), *MESSAGES).idle) == 4


def test_what_is_to_be_given_back_stands_until_it_is_and_for_a_while_after() -> None:
    """Also under a question, and while the world is asked something."""
    till = Till().sell("1001").press("MENU 11 1 ENTER").found().scan("1001")
    picking = till.session
    for session in (picking, ask(picking, PAY_BACK), replace(picking, state=State.FINDING)):
        till.session = session
        shown = seen(till, *MESSAGES, language=Language.ENGLISH)
        assert shown == CustomerScreen("TO GIVE BACK   ¥3.50", " " * 20, shown.plain)
    till.session = picking
    shown = seen(till.press("CASH"), *MESSAGES, language=Language.ENGLISH)
    assert shown == CustomerScreen("TO GIVE BACK   ¥3.50", " " * 20, shown.plain)
    shown = seen(till.stored(), *MESSAGES, language=Language.ENGLISH)
    assert (shown.upper, shown.lower.strip()) == ("GIVEN BACK     ¥3.50", "Thank you")
    assert len(shown.idle) == 4
