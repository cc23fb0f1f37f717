"""Two sides of one till: its own, and one to learn on, made anew each time. Devices are shared."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import structlog

from edge.checkout.effects import Effect, RecordLive, RemindDrawer, SwitchSide
from edge.checkout.inputs import Input, SideRefused, SideSwitched, Started
from edge.checkout.paper.receipt import Receipt
from edge.checkout.session import Facts
from edge.effect_runner import EffectRunner
from edge.ports import Clock, Printer, StoreError, StoreRefused

# Printers remember by job which paper they have printed; training counts from 1 again each time.
JOB_PREFIX: Final = "training"
# The drawer is watched, and what happens to it recorded, whether somebody learns or not.
LIVE: Final = (SwitchSide, RecordLive, RemindDrawer)


@dataclass(frozen=True, slots=True)
class Side:
    """A store with all that hangs on it: what the core looks up, and who carries effects out."""

    facts: Callable[[], Facts]
    runner: EffectRunner
    started: Started


class TrainingDrawer:
    """Nobody learns with the money of the shop: the drawer stays shut."""

    async def open(self) -> None:
        """Nothing."""


class TrainingPrinter:
    """The shop's printer, under job ids of its own."""

    def __init__(self, printer: Printer, clock: Clock) -> None:
        self._printer = printer
        self._lesson = f"{JOB_PREFIX}-{clock.now().mono_ms}"

    async def print_receipt(self, job_id: str, receipt: Receipt) -> None:
        await self._printer.print_receipt(f"{self._lesson}-{job_id}", receipt)


class Sides:
    """The till's own side, or the one for training: what the loop works with. A sink: its `run`
    keeps the training side open for as long as it is asked for.
    """

    name = "training"

    def __init__(
        self,
        open_training: Callable[[], AbstractAsyncContextManager[Side]],
        clock: Clock,
    ) -> None:
        self._own: Side | None = None
        self._training: Side | None = None
        self._open_training = open_training
        self._clock = clock
        self._wanted = asyncio.Event()
        self._unwanted = asyncio.Event()
        self._opened: asyncio.Future[Input] | None = None
        self._log = structlog.get_logger("edge.training")

    def begin_with(self, own: Side) -> None:
        """The till's own side; before it, nothing can be begun."""
        self._own = own

    def begin(self, effect: Effect) -> None:
        """Begin an effect on the side that is worked on, or what is no lesson on the till's own."""
        side = self.own if isinstance(effect, LIVE) else self._now
        side.runner.begin(effect)

    def facts(self) -> Facts:
        return self._now.facts()

    @property
    def own(self) -> Side:
        assert self._own is not None, "a till without its own side"
        return self._own

    @property
    def _now(self) -> Side:
        return self._training or self.own

    async def switch(self, effect: SwitchSide) -> Input:
        """The lookup of SwitchSide: back is at once, training once its store is made."""
        if not effect.training:
            self._training = None
            self._unwanted.set()
            return SideSwitched(self._clock.now(), None)
        self._opened = asyncio.get_running_loop().create_future()
        self._wanted.set()
        return await self._opened

    async def run(self) -> None:
        """One lesson after another, until cancelled."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            self._unwanted.clear()
            try:
                await self._lesson()
            except (StoreRefused, StoreError, OSError) as error:
                self._log.error("training_refused", reason=str(error))
                self._training = None
                self._tell(SideRefused(self._clock.now()))

    async def _lesson(self) -> None:
        async with self._open_training() as side, running(side.runner.run()):
            await side.runner.up.wait()
            self._training = side
            self._tell(SideSwitched(self._clock.now(), side.started))
            await self._unwanted.wait()
            await side.runner.drained()

    def _tell(self, answer: Input) -> None:
        if self._opened is not None and not self._opened.done():
            self._opened.set_result(answer)


@asynccontextmanager
async def running(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """The work, beside the block; it ends with the block, and its bug ends the block."""
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(work)
        yield
        task.cancel()
