"""The cashier's screen in four lines of twenty columns: what the cashier needs just now."""

from typing import Final

from edge.checkout.paper.width import clip, display_width, pad_right, wrap
from edge.checkout.screens import CashierScreen, NoticeTone, ScreenRow, beside

COLUMNS, LINES = 20, 4
# Every refusal of the till is at most that long, so it can be read whole with the sum below it.
NOTICE_LINES: Final = 3


def four_lines(screen: CashierScreen) -> tuple[str, ...]:
    """Exactly LINES lines of COLUMNS columns. The last one is what was keyed and the sum; above it
    stands a refusal, or the article in hand, which an alarm leaves the third line if it can, or the
    open question with its marked answer.
    """
    row = _in_hand(screen.rows)
    if screen.notice and screen.notice_tone is not NoticeTone.INFO:
        above = wrap(screen.notice, COLUMNS)
        is_alarm = screen.notice_tone is NoticeTone.ALARM
        if is_alarm and row is not None and row.right and len(above) < NOTICE_LINES:
            # An alarm stays while articles are scanned.
            above = [*above, ""][: NOTICE_LINES - 1]
            above.append(beside(row.left, row.right, COLUMNS))
    else:
        above = _article(row, screen) if row is not None and row.right else _question(row, screen)
    lines = [*above, *[""] * NOTICE_LINES][:NOTICE_LINES]
    return tuple(pad_right(line, COLUMNS) for line in (*lines, _last(screen)))


def _in_hand(rows: tuple[ScreenRow, ...]) -> ScreenRow | None:
    """The marked row, else the last one."""
    return next((row for row in rows if row.selected), rows[-1] if rows else None)


def _article(row: ScreenRow, screen: CashierScreen) -> list[str]:
    """The name, how many at what price, and what there is to say; where that takes two lines, name
    and amount share the first.
    """
    aside = wrap(_aside(screen), COLUMNS)
    if len(aside) == 1:
        return [row.left, beside(row.middle, row.right, COLUMNS), *aside]
    return [beside(row.left, row.right, COLUMNS), *aside]


def _question(row: ScreenRow | None, screen: CashierScreen) -> list[str]:
    """The title over as many lines as are left by the marked answer and the hint."""
    answer = [f"{row.left} {row.middle}".strip()] if row is not None else []
    aside = _aside(screen)
    hint = wrap(aside, COLUMNS)[: NOTICE_LINES - 1] if aside else []
    title = wrap(screen.title, COLUMNS)[: max(1, NOTICE_LINES - len(answer) - len(hint))]
    return [*title, *answer, *hint]


def _aside(screen: CashierScreen) -> str:
    """A notice, else what is wrong with the till."""
    return screen.notice or " ".join(screen.status)


def _last(screen: CashierScreen) -> str:
    """What was keyed, then the sum with as much of its label as there is room for."""
    if not screen.entry:
        return beside(screen.total_label, screen.total, COLUMNS)
    entry = screen.entry
    # The end of a long one is what was keyed last.
    while display_width(entry) > COLUMNS - min(display_width(screen.total) + 1, COLUMNS // 2):
        entry = entry[1:]
    return beside(entry, clip(screen.total, COLUMNS // 2), COLUMNS)
