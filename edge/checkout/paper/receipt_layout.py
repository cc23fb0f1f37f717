"""A receipt as lines of text on a paper so many columns wide, for the eye and for tests."""

from edge.checkout.paper.receipt import Align, Columns, Element, Feed, Picture, Receipt, Rule, Text
from edge.checkout.paper.width import centre, clip, display_width, pad_left, pad_right, wrap

# A large character is twice as wide; the text form keeps it single, and only wraps it sooner.
LARGE_WIDTH = 2


def lay_out(receipt: Receipt, columns: int) -> list[str]:
    """The receipt as text, a line of `columns` terminal columns each."""
    lines: list[str] = []
    for element in receipt.elements:
        lines += _lay_out(element, columns)
    return lines


def split_columns(element: Columns, columns: int) -> list[str]:
    """The left text wrapped beside the right one, which stands on the last line."""
    return beside(element.left, element.right, columns)


def beside(left: str, right: str, columns: int) -> list[str]:
    """The lines of two texts, as `split_columns`."""
    between = columns - display_width(left) - display_width(right)
    if between > 0 and "\n" not in left:
        return [left + " " * between + right]
    right = clip(right, columns)
    room = columns - display_width(right)
    lines = wrap(left, columns)
    if display_width(lines[-1]) < room:
        last = pad_right(lines.pop(), room) + right
    else:
        last = pad_left(right, columns)
    return [*(pad_right(line, columns) for line in lines), last]


def _lay_out(element: Element, columns: int) -> list[str]:
    match element:
        case Text():
            align = {Align.LEFT: pad_right, Align.CENTRE: centre, Align.RIGHT: pad_left}
            room = columns // LARGE_WIDTH if element.large else columns
            return [align[element.align](line, columns) for line in wrap(element.text, room)]
        case Columns():
            return split_columns(element, columns)
        case Rule():
            return ["-" * columns]
        case Feed():
            return [""] * element.lines
        case Picture():
            return [centre("[picture]", columns)]
        case _:  # Qr
            return [centre(f"[QR {element.data}]", columns)]
