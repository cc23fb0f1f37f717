"""The daemon: everything in one TaskGroup, started and stopped in order."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from edge.checkout.inputs import Input
from edge.effect_runner import EffectRunner
from edge.ports import Clock, Driver
from edge.supervisor import Supervisor
from edge.till_loop import BoundedInbox, TillLoop

# A receipt that is being printed is let out; a printer that stalls has no longer than this, which
# is well inside systemd's own patience. The uplink says goodbye meanwhile.
DRAIN_LIMIT_S = 8


class StopRequest:
    """The wish that the daemon stops, and whether it is to be started anew."""

    def __init__(self) -> None:
        self._wanted = asyncio.Event()
        self.restart = False

    def stop(self) -> None:
        self._wanted.set()

    def stop_and_restart(self) -> None:
        self.restart = True
        self._wanted.set()

    async def wait(self) -> None:
        await self._wanted.wait()


@dataclass(frozen=True, slots=True)
class Parts:
    """A wired appliance. `sources` put inputs in, `sinks` carry effects out; `uplinks` report what
    is stored, and have no part in a sale.
    """

    clock: Clock
    inbox: BoundedInbox
    till: TillLoop
    runner: EffectRunner
    sources: Sequence[Driver]
    sinks: Sequence[Driver]
    uplinks: Sequence[Driver]
    supervisor: Supervisor


class Appliance:
    """Runs the parts until it is asked to stop; a bug in any of them stops all with its error."""

    def __init__(
        self,
        parts: Parts,
        first: Input,
        stop: StopRequest,
        *,
        drain_limit_s: float = DRAIN_LIMIT_S,
    ) -> None:
        self._parts = parts
        self._first = first
        self._stop = stop
        self._drain_limit_s = drain_limit_s
        self.ready = asyncio.Event()

    async def run(self) -> None:
        """Start: sinks and uplinks, the loop, sources. Stop: sources, what they put into the inbox
        and what that began, the open basket's draft, then sinks; uplinks beside all that, since a
        connect that is under way takes its time. The store outlives all of them.
        """
        parts = self._parts
        async with asyncio.TaskGroup() as tasks:
            sinks = [tasks.create_task(sink.run(), name=sink.name) for sink in parts.sinks]
            uplinks = [tasks.create_task(each.run(), name=each.name) for each in parts.uplinks]
            sinks.append(tasks.create_task(parts.runner.run(), name="effects"))
            sinks.append(tasks.create_task(parts.supervisor.keep_alive(parts.clock)))
            await parts.runner.up.wait()
            parts.inbox.answer(self._first)
            till = tasks.create_task(parts.till.run(), name="till")
            sources = [tasks.create_task(each.run(), name=each.name) for each in parts.sources]
            parts.supervisor.ready("selling")
            self.ready.set()
            await self._stop.wait()
            parts.supervisor.stopping()
            for ended in (*sources, *uplinks):
                ended.cancel()
            if sources:
                await asyncio.wait(sources)
            await self._finish(till)
            for sink in sinks:
                sink.cancel()

    async def _finish(self, till: asyncio.Task[None]) -> None:
        inbox, runner = self._parts.inbox, self._parts.runner
        with suppress(TimeoutError):
            async with asyncio.timeout(self._drain_limit_s):
                # Inputs cause effects and effects are answered by inputs, until both are quiet.
                while inbox.waiting or runner.under_way:
                    await runner.drained()
                    await asyncio.sleep(0)
        inbox.close()
        await till
        await runner.keep_draft()
