"""A host as settings name it, wherever they name one: a name or an address."""

import re
from ipaddress import AddressValueError, IPv6Address, ip_address
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

# RFC 1035, section 2.3.4; the underscore is no host's by RFC 952, but in many a shop's network.
LABEL = re.compile(r"[A-Za-z0-9_-]{1,63}")
MAX_LENGTH = 253
# RFC 3986, section 3.1, and 3.2.3.
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)")
PORT = re.compile(r"[^:]*(:[0-9]+)")


def checked_host(text: str) -> str:
    """The text, when it can be looked up: ValueError for what the resolver itself would choke on.

    A colon is in IPv6 addresses alone, which stand here without brackets.
    """
    if extra := SCHEME.match(text) or PORT.fullmatch(text):
        raise ValueError(f"{text!r}: write the host alone, without {extra[1]}")
    if ":" in text:
        try:
            IPv6Address(text)
        except AddressValueError:
            raise ValueError(f"{text!r} is no IPv6 address") from None
        return text
    for label in text.removesuffix(".").split("."):
        if not LABEL.fullmatch(label):
            raise ValueError(
                f"{text!r} is no host: {label!r} is not 1 to 63 letters, digits, '-' or '_'"
            )
    return text


def is_address(host: str) -> bool:
    """Whether it is given in digits, and need not be looked up."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


Host = Annotated[
    str, StringConstraints(min_length=1, max_length=MAX_LENGTH), AfterValidator(checked_host)
]
