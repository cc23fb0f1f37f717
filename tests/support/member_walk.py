"""A till with members whose every step is checked."""

from tests.support.member_till import MemberTill
from tests.support.walk import WatchedTill


class WatchedMemberTill(WatchedTill, MemberTill):
    """Members and their accounts stand in a real store's tables, which have their own say."""
