"""Why a replay can't be done."""


class ReplayRefused(Exception):  # noqa: N818 - a refusal, as the house calls it
    """The replay can't begin, or can't go on; the text is one line that says why."""
