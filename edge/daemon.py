"""`edge run`: the daemon from its first line of log to its exit status."""

import asyncio
import signal
from collections.abc import Callable

import structlog

from edge import event_loop
from edge.appliance import StopRequest
from edge.clock import SystemClock
from edge.compose import build_house
from edge.drivers.plugs import on_one_node
from edge.effect_runner import World
from edge.ports import StoreError, StoreRefused
from edge.settings import Settings
from edge.shop_mismatches import lists_in_force, tell_mismatches
from edge.supervisor import Supervisor

STOPPED, STORE_FAILED = 0, 1
# sysexits.h EX_TEMPFAIL: the cashier asked for a restart, and systemd gives it.
RESTART = 75


def run_daemon(settings: Settings, wrap: Callable[[World], World] = lambda world: world) -> int:
    """Sell until SIGTERM or SIGINT, or until the cashier restarts a till whose disk failed; the
    exit status. `wrap` may put something between the runner and the ports. Raises SettingsRefused.
    """
    return event_loop.run(_run(settings, wrap))


async def _run(settings: Settings, wrap: Callable[[World], World]) -> int:
    log = structlog.get_logger("edge.daemon")
    for shared in on_one_node(settings.devices):
        log.warning("devices_on_one_node", reason=shared)
    stop = StopRequest()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.stop)
    starting = asyncio.create_task(Supervisor.from_environment().keep_starting(SystemClock(0)))
    try:
        async with build_house(settings, stop=stop, wrap=wrap) as house:
            lists = await lists_in_force(house.store, settings)
            starting.cancel()
            log.info("started", device=settings.device.id, store=str(settings.store.path))
            async with asyncio.TaskGroup() as tasks:
                telling = tasks.create_task(tell_mismatches(lists, settings))
                await house.appliance.run()
                telling.cancel()
    except (StoreRefused, StoreError) as error:
        log.error("store_unusable", reason=str(error))  # noqa: TRY400 - no bug, no traceback
        return STORE_FAILED
    finally:
        starting.cancel()
    log.info("stopped", restart=stop.restart)
    return RESTART if stop.restart else STOPPED
