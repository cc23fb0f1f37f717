"""What a printer has shown of itself, whichever connection that was over."""

from dataclasses import dataclass, field

from edge.drivers.printers.printer_status import End, Mark


@dataclass(slots=True)
class Shown:
    """Since it was begun: the questions for a receipt's end that it may be asked, and those of them
    that it has answered behind a receipt; that it answers, and that it owes an answer.
    """

    ends: set[End]
    proven: set[End] = field(default_factory=set)
    has_answered: bool = False
    no_answer: bool = False

    def distrust(self, mark: Mark | None) -> None:
        """Ask no more what it answers when it has nothing to do, and never did behind a receipt."""
        if mark is not None:
            self.ends -= mark.ends - self.proven
