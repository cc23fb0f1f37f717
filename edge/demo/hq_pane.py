"""What headquarters has received, beside the till."""

from rich.text import Text
from textual.widgets import Static

from edge.checkout.money import CURRENCIES, write_amount
from edge.checkout.paper.width import display_width, pad_right
from edge.checkout.records import EntryKind
from edge.checkout.shop import Language
from edge.demo.hq_view import HqView
from edge.demo.words import Say, say


class HqPane(Static):
    """Live figures over what came over MQTT, and the newest receipts."""

    def show(self, view: HqView, waiting: int, language: Language) -> None:
        """`waiting` is how many records the till has and headquarters has not acknowledged."""
        columns = self.content_size.width
        report = view.report
        online = say(Say.HQ_ONLINE if view.online else Say.HQ_OFFLINE, language)
        drawn = Text(no_wrap=True)
        drawn.append(f"● {online}\n", "bold #5fe08a" if view.online else "bold #ff8f6b")
        records = f"{say(Say.RECORDS, language)} {view.through}"
        backlog = f"{say(Say.WAITING, language)} {waiting}"
        drawn.append(pad_right(records, columns - display_width(backlog)))
        drawn.append(f"{backlog}\n", "bold #ffd166" if waiting else "")
        for word, times, minor in (
            (Say.SALES, report["sales"], report["sales_minor"]),
            (Say.REFUNDS, report["refunds"], report["refunds_minor"]),
        ):
            drawn.append(_line(f"{say(word, language)} {times}", minor, columns), "bold")
        for word, minor in (
            (Say.TURNOVER, report["turnover_minor"]),
            (Say.PREPAID_SOLD, report["prepaid_sold_minor"]),
            (Say.PREPAID_SPENT, report["prepaid_spent_minor"]),
        ):
            # A small pane has room for the newest receipts until there is something prepaid.
            if minor or word is Say.TURNOVER:
                drawn.append(_line(say(word, language), minor, columns))
        drawn.append(f"{'─' * columns}\n", "dim")
        for receipt in view.latest:
            sign = -1 if receipt.kind == EntryKind.REFUND else 1
            name = f"#{receipt.receipt_no}"
            drawn.append(_line(name, sign * receipt.total_minor, columns))
        self.update(drawn)

    def show_none(self, why: str, language: Language) -> None:
        """There is no headquarters in this demo."""
        self.update(Text(say(Say.HQ_NONE, language, why)))


def _line(left: str, amount_minor: int, columns: int) -> str:
    amount = write_amount(amount_minor, CURRENCIES["CNY"])
    return f"{pad_right(left, columns - len(amount))}{amount}\n"
