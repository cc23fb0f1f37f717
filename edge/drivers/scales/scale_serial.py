"""A scale at a serial port that speaks Mettler-Toledo's 8217 protocol, as many makes do."""

import asyncio
from typing import Final, Literal

from pydantic import Field

from edge.checkout.goods.scale import ScaleTrouble
from edge.drivers.device_thread import DeviceThread
from edge.drivers.lifecycle import together
from edge.drivers.lines.byte_line import ByteLine, open_serial
from edge.drivers.living import LivingDevice
from edge.drivers.scales.scale_answers import (
    ASK_WEIGHT,
    AnswerParser,
    NoWeight,
    ScaleAnswer,
    Weight,
)
from edge.drivers.settings import SerialModel, Surroundings
from edge.ports import DeviceError, ScaleError

# Between two questions: a scale measures some ten times a second.
PAUSE_MS: Final = 50
# So many questions in a row without an answer, and nobody is there.
MOST_SILENCES: Final = 2


class ScaleSerialSettings(SerialModel):
    """The line is as scales leave the factory: seven bits and even parity."""

    driver: Literal["scale_serial"]
    data_bits: Literal[7, 8] = 7
    parity: Literal["none", "even", "odd"] = "even"
    still_ms: int = Field(
        default=2_000, ge=100, le=10_000, description="goods come to rest within; who waits is told"
    )
    answer_ms: int = Field(
        default=500, ge=20, le=5_000, description="a scale answers within 300 ms"
    )
    poll_ms: int = Field(
        default=20_000,
        ge=100,
        le=600_000,
        description="a scale that was switched off shows by then",
    )


class Talk:
    """The questions to a scale and its answers, over one connection."""

    def __init__(self, line: ByteLine) -> None:
        self._line = line
        self._parser = AnswerParser()
        self._waiting: asyncio.Future[ScaleAnswer] | None = None
        self._silences = 0

    async def listen(self) -> None:
        """Until the line breaks; what comes unasked is dropped. Raises DeviceError."""
        while True:
            try:
                data = await self._line.read()
            except DeviceError as error:
                if self._waiting is not None and not self._waiting.done():
                    self._waiting.set_exception(error)
                raise
            for answer in self._parser.feed(data):
                if self._waiting is not None and not self._waiting.done():
                    self._waiting.set_result(answer)

    async def ask(self, timeout_ms: int) -> ScaleAnswer | None:
        """What the scale answers, None when nothing came in that time; the second time in a row
        the line is given up. Raises DeviceError.
        """
        self._waiting = asyncio.get_running_loop().create_future()
        try:
            self._line.write(ASK_WEIGHT)
            async with asyncio.timeout(timeout_ms / 1000):
                answer = await self._waiting
        except TimeoutError:
            self._silences += 1
            if self._silences >= MOST_SILENCES:
                raise self._line.broken("gives no answer; check cable and power") from None
            return None
        finally:
            self._waiting = None
        self._silences = 0
        return answer

    async def close(self) -> None:
        await self._line.close()


class SerialScale(LivingDevice[Talk]):
    """Asks for the weight when somebody wants it, and now and then whether the scale is there."""

    def __init__(self, settings: ScaleSerialSettings, around: Surroundings) -> None:
        super().__init__(settings, around)
        self._settings = settings
        self._clock = around.clock
        self._thread = DeviceThread(settings.name)
        self._around = around
        self._talk: Talk | None = None
        self._turn = asyncio.Lock()

    async def weigh(self) -> int:
        """Two questions in a row must have the same answer: an answer that came too late for the
        question before is of other goods.
        """
        talk = self._talk
        if talk is None:
            raise DeviceError(f"{self.name}: not connected; check cable and power")
        async with self._turn:
            return await self._settled(talk)

    async def _settled(self, talk: Talk) -> int:
        until_ms = self._clock.now().mono_ms + self._settings.still_ms
        before: ScaleAnswer | None = None
        trouble = ScaleTrouble.NO_ANSWER
        while True:
            answer = await talk.ask(self._settings.answer_ms)
            if isinstance(answer, Weight):
                if answer == before:
                    return answer.milli
                trouble = ScaleTrouble.NOT_STILL
            elif isinstance(answer, NoWeight):
                trouble = answer.trouble
                if not answer.moving:
                    raise ScaleError(trouble, self.name)
            before = answer
            if self._clock.now().mono_ms >= until_ms:
                raise ScaleError(trouble, self.name)
            await self._clock.sleep_ms(PAUSE_MS)

    async def _open(self) -> Talk:
        talk = Talk(await open_serial(self._settings, self._clock, self._thread))
        try:
            await self._greeted(talk)
        except BaseException:
            await talk.close()
            raise
        return talk

    async def _greeted(self, talk: Talk) -> None:
        """A port is there without a scale: only an answer says that one is."""
        listening = asyncio.ensure_future(talk.listen())
        try:
            while await talk.ask(self._settings.answer_ms) is None:
                pass
        finally:
            listening.cancel()
            await asyncio.wait((listening,))
            if not listening.cancelled():
                listening.exception()

    async def _serve(self, talk: Talk) -> None:
        self._talk = talk
        try:
            await together(talk.listen(), self._poll(talk))
        finally:
            self._talk = None

    async def _poll(self, talk: Talk) -> None:
        while True:
            await self._clock.sleep_ms(self._settings.poll_ms)
            async with self._turn:
                await talk.ask(self._settings.answer_ms)
