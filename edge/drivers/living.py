"""What every driver is to its house: a name, a state, and a life that is run."""

import abc
from typing import Generic

from edge.checkout.inputs import DeviceState
from edge.drivers.lifecycle import LifeCycle
from edge.drivers.opening import C
from edge.drivers.settings import DeviceModel, Surroundings


class LivingDevice(abc.ABC, Generic[C]):
    """A driver says how its device is opened, and what is done with it while it is."""

    def __init__(self, settings: DeviceModel, around: Surroundings) -> None:
        self.name = settings.name
        self._life = LifeCycle(settings.name, settings.reopen, around, self._open, self._serve)

    @property
    def state(self) -> DeviceState:
        return self._life.state

    async def run(self) -> None:
        """Until cancelled; the device is closed by then."""
        await self._life.run()

    @abc.abstractmethod
    async def _open(self) -> C:
        """The open device. Raises DeviceError, and DeviceAbsentError for one that is not there."""

    @abc.abstractmethod
    async def _serve(self, opened: C, /) -> None:
        """Until it raises DeviceError; never returns."""
