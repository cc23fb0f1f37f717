"""The contract of a cashier's display; the simulated one is the only one so far."""

from edge.checkout.effects import Tone
from edge.checkout.inputs import DeviceState
from edge.checkout.screens import CashierScreen, NoticeTone
from edge.drivers.simulated import CashierDisplaySimulatedSettings, SimulatedCashierDisplay
from tests.support.devices import QUICK_REOPEN, RecordingInbox, running, surroundings


def screen(total: str) -> CashierScreen:
    return CashierScreen("Sale", (), "Total", total, "", "", NoticeTone.INFO, ())


async def test_it_shows_the_latest_screen_and_sounds_every_tone() -> None:
    inbox = RecordingInbox()
    settings = CashierDisplaySimulatedSettings(
        driver="cashier_display_simulated", name="screen", reopen=QUICK_REOPEN
    )
    display = SimulatedCashierDisplay(settings, surroundings(inbox))
    seen: list[str] = []
    display.on_show = lambda shown: seen.append(shown.total)
    async with running(display):
        await inbox.until_state("screen", DeviceState.READY)
        display.show(screen("1.00"))
        display.show(screen("2.00"))
        display.beep(Tone.GOOD)
        display.beep(Tone.REFUSED)
    assert display.screen == screen("2.00")
    assert list(display.tones) == [Tone.GOOD, Tone.REFUSED]
    assert seen == ["1.00", "2.00"]
