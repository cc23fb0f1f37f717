"""The drawer's latch and the switch in the drawer."""

from hil_tests.bench import Bench

# A latch needs 50 ms; what makers allow is 250, and a solenoid burns on more.
LEAST_MS, MOST_MS = 50, 250


async def test_each_command_is_one_pulse_of_a_length_that_is_good_for_the_solenoid(
    till: Bench,
) -> None:
    for number, name in enumerate(("Pencil", "Umbrella", "Notebook"), 1):
        await till.sell(name)
        await till.until(lambda wanted=number: len(till.pulses_ms) == wanted)
        till.shut_drawer()
    assert await till.stop() == 0
    assert len(till.pulses_ms) == 3
    assert all(LEAST_MS <= pulse_ms <= MOST_MS for pulse_ms in till.pulses_ms)
