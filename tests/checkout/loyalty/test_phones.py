import pytest

from edge.checkout.loyalty.phones import PHONE_PLANS, read_phone


@pytest.mark.parametrize(
    ("country", "text", "phone"),
    [
        ("CN", "13812345678", "+8613812345678"),
        ("CN", " 138 1234-5678 ", "+8613812345678"),
        ("CN", "+86 138 1234 5678", "+8613812345678"),
        ("CN", "008613812345678", "+8613812345678"),
        ("CN", "+85291234567", "+85291234567"),
        ("GB", "07700 900123", "+447700900123"),
        ("GB", "7700900123", "+447700900123"),
        ("DE", "(0151) 23456789", "+4915123456789"),
        ("TW", "0912345678", "+886912345678"),
        ("SG", "81234567", "+6581234567"),
        ("HK", "91234567", "+85291234567"),
        ("US", "1-202-555-0123", "+12025550123"),
    ],
)
def test_a_number_is_kept_in_one_form(country: str, text: str, phone: str) -> None:
    assert read_phone(text, PHONE_PLANS[country]) == phone
    assert read_phone(phone, PHONE_PLANS[country]) == phone


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1381234567",
        "138123456789",
        "23812345678",
        "12345678901",
        "1381234567x",
        "+",
        "+0123456789",
        "+86138123456",
        "+123456",
        "+1234567890123456",
        "１３８12345678",
    ],
)
def test_what_can_not_be_a_number_is_refused(text: str) -> None:
    assert read_phone(text, PHONE_PLANS["CN"]) is None
