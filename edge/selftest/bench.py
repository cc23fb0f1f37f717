"""Where a self-test hears of its devices, and asks the technician: on the till's own screen and
keypad, and in the terminal.
"""

import asyncio
import os
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, TypeVar

from edge.checkout.inputs import BarcodeScanned, DeviceChanged, DeviceState, Input, Key, KeyPressed
from edge.checkout.screens import CashierScreen, NoticeTone, ScreenRow
from edge.checkout.shop import Language
from edge.checkout.words.texts import Saying, text
from edge.ports import CashierDisplay, Inbox
from edge.selftest.words import SelftestWord as W

# Keys and scans that nobody has looked at yet: more than anybody does between two questions.
MOST_WAITING: Final = 64
# A line that somebody types; a longer one is no answer.
MOST_TYPED: Final = 256
# What the smallest cashier's screen holds beside title and question.
ROWS_IN_SIGHT: Final = 10
YES: Final = frozenset({"", "y", "yes", "j", "是"})
NO: Final = frozenset({"n", "no"})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long each thing may take, so that a self-test always ends."""

    # A driver's own time-out for opening, and twice its first pauses.
    ready_ms: int = 8_000
    # Once it is known what is not there: a loose plug, or a device that is starting.
    absent_ms: int = 2_000
    # A printer is asked when it is opened, and answers within 500 ms or never.
    status_ms: int = 2_000
    # Somebody walks to the display and looks.
    answer_ms: int = 60_000
    # Somebody looks for the next key.
    key_ms: int = 20_000
    # Somebody finds a code and the scanner's cable.
    scan_ms: int = 60_000
    # Somebody shuts a drawer that has sprung open.
    shut_ms: int = 60_000


USUAL_PATIENCE: Final = Patience()


class Answer(Enum):
    YES = auto()
    NO = auto()
    NONE = auto()


@dataclass(frozen=True, slots=True)
class OwnInbox:
    """One device's inbox, so that of what is keyed and scanned it is known where."""

    device: str
    happenings: "Happenings"

    def offer(self, item: Input) -> bool:
        return self.happenings.hear(self.device, item)


class Happenings:
    """What a self-test's devices told, each in an inbox of its own."""

    def __init__(self) -> None:
        self.states: dict[str, DeviceState] = {}
        self.reasons: dict[str, str] = {}
        self._waiting: deque[tuple[str, Input]] = deque(maxlen=MOST_WAITING)
        self._happened = asyncio.Event()

    def inbox_of(self, device: str) -> Inbox:
        return OwnInbox(device, self)

    def hear(self, device: str, item: Input) -> bool:
        if isinstance(item, DeviceChanged):
            self.states[item.device] = item.state
            self.reasons[item.device] = item.reason
        elif isinstance(item, KeyPressed | BarcodeScanned):
            self._waiting.append((device, item))
        self.tell()
        return True

    def tell(self) -> None:
        self._happened.set()

    def forget(self) -> None:
        """What was keyed or scanned before a question is no answer to it."""
        self._waiting.clear()

    def next(self) -> tuple[str, Input] | None:
        """Whatever was scanned or keyed next, and on which device."""
        return self._waiting.popleft() if self._waiting else None

    def take(self, kind: type[T], device: str | None = None) -> T | None:
        """The next of that kind, of that device alone if one is named; what came before it is
        dropped.
        """
        while self._waiting:
            teller, item = self._waiting.popleft()
            if isinstance(item, kind) and device in (None, teller):
                return item
        return None

    async def until(self, look: Callable[[], T | None], within_ms: int) -> T | None:
        """What `look` finds, which is asked whenever something happens; None when time is up."""
        try:
            async with asyncio.timeout(within_ms / 1000):
                while (found := look()) is None:
                    self._happened.clear()
                    await self._happened.wait()
                return found
        except TimeoutError:
            return None

    async def settled(self, names: Iterable[str], patience: Patience) -> None:
        """Until all of them are ready; those that say that nothing is there are waited for less."""
        wanted = set(names)

        def all_heard_of() -> bool | None:
            return True if wanted <= self.states.keys() else None

        def all_ready() -> bool | None:
            ready = {name for name, state in self.states.items() if state is DeviceState.READY}
            return True if wanted <= ready else None

        await self.until(all_heard_of, patience.ready_ms)
        await self.until(all_ready, patience.absent_ms)


class Typed:
    """Lines from a terminal or pipe, without ever waiting for one."""

    def __init__(self, descriptor: int, happenings: Happenings) -> None:
        self._descriptor = descriptor
        self._happenings = happenings
        self._unfinished = b""
        self._lines: deque[str] = deque(maxlen=MOST_WAITING)
        self._listens = False

    def begin(self) -> None:
        try:
            asyncio.get_running_loop().add_reader(self._descriptor, self._read)
        except OSError:
            # A file, or nothing at all: nobody types there.
            return
        self._listens = True

    def end(self) -> None:
        if self._listens:
            asyncio.get_running_loop().remove_reader(self._descriptor)
        self._listens = False

    def forget(self) -> None:
        self._lines.clear()

    def take(self) -> str | None:
        return self._lines.popleft() if self._lines else None

    def _read(self) -> None:
        try:
            data = os.read(self._descriptor, MOST_TYPED)
        except OSError:
            data = b""
        if not data:
            self.end()
            return
        *lines, rest = (self._unfinished + data).split(b"\n")
        self._unfinished = rest[-MOST_TYPED:]
        self._lines.extend(line.decode("utf-8", "replace") for line in lines)
        self._happenings.tell()


class Technician:
    """`say` writes a line to the terminal; `typed` is None where nobody is asked."""

    def __init__(
        self,
        happenings: Happenings,
        screens: Sequence[CashierDisplay],
        say: Callable[[str], None],
        typed: Typed | None,
        language: Language,
    ) -> None:
        self._happenings = happenings
        self._screens = screens
        self._say = say
        self._typed = typed
        self.language = language
        self.is_asked = typed is not None
        self._title = text(W.TITLE, language)
        self._rows: deque[ScreenRow] = deque(maxlen=ROWS_IN_SIGHT)

    def begin(self, step: str, name: str) -> None:
        """A check begins; `step` is such as `3/14`."""
        self._title = text(W.TITLE, self.language, step)
        self._draw(text(W.WORKING, self.language, name))

    def report(self, name: str, outcome: str, line: str) -> None:
        self._say(line)
        self._rows.append(ScreenRow(name, "", outcome))
        self._draw("")

    def say(self, line: str) -> None:
        self._say(line)
        self._draw(line)

    def show(self, word: Saying, detail: str = "") -> None:
        """Something to do, on the screens and in the terminal."""
        self.say(text(word, self.language, detail))

    def show_rows(self, rows: Sequence[str]) -> None:
        """A pattern on the screens instead of the findings so far, under the last notice."""
        self._draw("", tuple(ScreenRow(row, "", "") for row in rows))

    async def ask(self, word: Saying, within_ms: int, rows: Sequence[str] = ()) -> Answer:
        """ENTER or CLEAR, `y` or `n`, whichever comes first; NONE when time is up."""
        question = text(W.YES_OR_NO, self.language, text(word, self.language))
        self.forget()
        self._say(f"{question} [y/n]")
        self._draw(question, tuple(ScreenRow(row, "", "") for row in rows) or None)
        return await self._happenings.until(self._answer, within_ms) or Answer.NONE

    def forget(self) -> None:
        """What was keyed, scanned or typed before a question is no answer to it."""
        self._happenings.forget()
        if self._typed is not None:
            self._typed.forget()

    def says_no(self) -> bool:
        """Whether `n` was typed, where something is to be done instead of answered; any other line
        is none.
        """
        while self._typed is not None and (typed := self._typed.take()) is not None:
            if typed.strip().lower() in NO:
                return True
        return False

    def _answer(self) -> Answer | None:
        while (pressed := self._happenings.take(KeyPressed)) is not None:
            if pressed.key in (Key.ENTER, Key.CLEAR):
                return Answer.YES if pressed.key is Key.ENTER else Answer.NO
        typed = self._typed.take() if self._typed is not None else None
        if typed is None:
            return None
        return Answer.YES if typed.strip().lower() in YES else Answer.NO

    def _draw(self, notice: str, rows: tuple[ScreenRow, ...] | None = None) -> None:
        screen = CashierScreen(
            title=self._title,
            rows=tuple(self._rows) if rows is None else rows,
            total_label="",
            total="",
            entry="",
            notice=notice,
            notice_tone=NoticeTone.INFO,
            status=(),
        )
        for display in self._screens:
            display.show(screen)
