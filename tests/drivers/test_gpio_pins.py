"""gpiozero's devices over gpiod: lines, levels, pulls, edges, and who may not have them."""

import errno
import os
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from gpiod.line import Bias, Direction, Edge
from gpiozero import (
    Button,
    DigitalInputDevice,
    DigitalOutputDevice,
    GPIOPinInUse,
    PinFixedPull,
    PinInvalidBounce,
    PinInvalidEdges,
    PinInvalidFunction,
    PinInvalidPin,
    PinInvalidPull,
    PinMultiplePins,
    PinSetInput,
)

from edge.drivers.drawers.gpio_chips import chip_nodes, open_chip
from edge.drivers.drawers.gpio_pins import GpiodFactory
from edge.drivers.lifecycle import DeviceAbsentError
from edge.ports import DeviceError
from tests.support.devices import DEADLINE_S
from tests.support.gpio_chip import PATH, FakeChip, GpioBoard

LATCH, SWITCH, TWIN = 17, 27, 28


class Bench:
    """A board, a factory on it, and what the factory has lost."""

    def __init__(self) -> None:
        names = {LATCH: "LATCH", SWITCH: "SWITCH", 5: "TWIN", 6: "TWIN"}
        self.board = GpioBoard(names, now_ms=lambda: 0)
        self.lost: list[OSError] = []
        self.is_lost = threading.Event()
        self.factory = GpiodFactory(self.board.open(PATH), self._lose)

    def _lose(self, error: OSError) -> None:
        self.lost.append(error)
        self.is_lost.set()


@pytest.fixture
def bench() -> Iterator[Bench]:
    threads = threading.active_count()
    bench = Bench()
    yield bench
    bench.factory.close()
    assert bench.board.open_descriptors == 0
    assert threading.active_count() == threads


def waited(condition: threading.Event) -> bool:
    return condition.wait(DEADLINE_S)


@pytest.mark.parametrize("line", [LATCH, "LATCH"])
def test_an_output_goes_on_and_off(bench: Bench, line: int | str) -> None:
    with DigitalOutputDevice(line, pin_factory=bench.factory) as latch:
        assert bench.board.level(LATCH) == 0
        latch.on()
        assert (bench.board.level(LATCH), latch.value) == (1, 1)
        latch.off()
        assert (bench.board.level(LATCH), latch.value) == (0, 0)


def test_an_active_low_output_begins_high_without_a_blip(bench: Bench) -> None:
    with DigitalOutputDevice(LATCH, active_high=False, pin_factory=bench.factory) as latch:
        assert [level for _, level in bench.board.wires[LATCH].levels] == [1]
        latch.on()
        assert bench.board.level(LATCH) == 0


def test_an_output_that_is_to_begin_as_it_is_does(bench: Bench) -> None:
    bench.board.drive(LATCH, 1)
    with DigitalOutputDevice(LATCH, initial_value=None, pin_factory=bench.factory) as latch:
        assert latch.value == 1


def test_a_closed_line_is_free_again(bench: Bench) -> None:
    DigitalOutputDevice(LATCH, pin_factory=bench.factory).close()
    assert bench.board.wires[LATCH].request is None
    with DigitalInputDevice(LATCH, pin_factory=bench.factory) as same:
        assert same.value == 0


@pytest.mark.parametrize(
    ("pull_up", "bias"), [(True, Bias.PULL_UP), (False, Bias.PULL_DOWN), (None, Bias.DISABLED)]
)
def test_an_input_is_pulled_as_it_is_told(
    bench: Bench, *, pull_up: bool | None, bias: Bias
) -> None:
    active = True if pull_up is None else None
    with DigitalInputDevice(
        SWITCH, pull_up=pull_up, active_state=active, pin_factory=bench.factory
    ) as switch:
        settings = bench.board.settings[SWITCH][-1]
        assert (settings.direction, settings.bias) == (Direction.INPUT, bias)
        assert switch.pull_up is pull_up
        assert switch.is_active is False


def test_edges_are_told_in_order_from_a_thread(bench: Bench) -> None:
    heard: list[str] = []
    third = threading.Event()

    def hear(what: str) -> Callable[[], None]:
        def heard_it() -> None:
            heard.append(f"{what} in {threading.current_thread().name}")
            if len(heard) == 3:
                third.set()

        return heard_it

    button = Button(SWITCH, pull_up=True, bounce_time=0.05, pin_factory=bench.factory)
    button.when_pressed, button.when_released = hear("pressed"), hear("released")
    for level in (0, 1, 0):
        bench.board.drive(SWITCH, level)
    assert waited(third)
    thread = f"edges-gpiochip0:{SWITCH}"
    assert heard == [f"{what} in {thread}" for what in ("pressed", "released", "pressed")]
    button.close()
    bench.board.drive(SWITCH, 1)
    assert len(heard) == 3


def test_the_kernel_debounces_and_looks_for_edges_only_while_they_are_wanted(bench: Bench) -> None:
    pin = bench.factory.pin(SWITCH)
    switch = DigitalInputDevice(SWITCH, pull_up=True, bounce_time=0.05, pin_factory=bench.factory)
    settings = bench.board.settings[SWITCH][-1]
    assert (settings.edge_detection, settings.debounce_period) == (
        Edge.BOTH,
        timedelta(milliseconds=50),
    )
    assert (pin.bounce, pin.edges, pin.pull, pin.function) == (0.05, "both", "up", "input")
    assert pin.when_changed is not None
    pin.edges = "falling"
    assert bench.board.settings[SWITCH][-1].edge_detection is Edge.FALLING
    pin.when_changed = None
    assert pin.when_changed is None
    switch.close()


def test_a_handler_that_is_gone_is_not_called(bench: Bench) -> None:
    pin = bench.factory.pin(SWITCH)
    told: list[int] = []

    class Listener:
        def hear(self, _ticks: float, state: int) -> None:
            told.append(state)

    listener = Listener()
    pin.when_changed = listener.hear
    del listener
    bench.board.drive(SWITCH, 1)
    pin.close()
    assert told == []


def test_a_handler_may_end_the_listening_itself(bench: Bench) -> None:
    pin = bench.factory.pin(SWITCH)
    heard = threading.Event()

    def once(_ticks: float, _state: int) -> None:
        pin.when_changed = None
        heard.set()

    pin.when_changed = once
    (thread,) = [each for each in threading.enumerate() if each.name.startswith("edges-")]
    bench.board.drive(SWITCH, 1)
    assert waited(heard)
    thread.join(DEADLINE_S)
    assert not thread.is_alive()


def test_edges_carry_the_clock_of_the_factory(bench: Bench) -> None:
    pin = bench.factory.pin(SWITCH)
    bench.board.now_ms = lambda: 1_500
    heard: list[tuple[float, int]] = []
    done = threading.Event()

    def hear(ticks: float, state: int) -> None:
        heard.append((ticks, state))
        done.set()

    pin.when_changed = hear
    bench.board.drive(SWITCH, 1)
    assert waited(done)
    assert heard == [(1.5, 1)]
    assert bench.factory.ticks_diff(3.0, 1.0) == 2.0
    assert bench.factory.ticks() > 0


def test_a_line_that_somebody_else_has_is_named_with_him(bench: Bench) -> None:
    bench.board.wires[LATCH].busy = "spi0 CS1"
    with pytest.raises(GPIOPinInUse, match="gpiochip0:17 is in use by 'spi0 CS1'"):
        DigitalOutputDevice(LATCH, pin_factory=bench.factory)


def test_two_devices_can_t_have_one_line(bench: Bench) -> None:
    with (
        DigitalOutputDevice("LATCH", pin_factory=bench.factory),
        pytest.raises(GPIOPinInUse, match="already in use"),
    ):
        DigitalInputDevice(LATCH, pin_factory=bench.factory)


@pytest.mark.parametrize("line", [99, "NOWHERE", "17"])
def test_a_line_that_is_not_there_is_refused(bench: Bench, line: int | str) -> None:
    with pytest.raises(PinInvalidPin, match="gpiochip0 has no line"):
        DigitalOutputDevice(line, pin_factory=bench.factory)


def test_a_name_that_two_lines_have_is_refused(bench: Bench) -> None:
    with pytest.raises(PinMultiplePins, match="lines 5 and 6 of gpiochip0 are both called 'TWIN'"):
        DigitalOutputDevice("TWIN", pin_factory=bench.factory)


def test_what_makes_no_sense_is_refused(bench: Bench) -> None:
    pin = bench.factory.pin(SWITCH)
    assert (pin.function, pin.bounce, pin.when_changed) == ("input", None, None)
    with pytest.raises(PinSetInput):
        pin.state = 1
    with pytest.raises(PinInvalidFunction):
        pin.function = "pwm"
    with pytest.raises(PinInvalidPull):
        pin.pull = "sideways"
    with pytest.raises(PinInvalidEdges):
        pin.edges = "round"
    with pytest.raises(PinInvalidBounce):
        pin.bounce = -1
    pin.function = "output"
    with pytest.raises(PinFixedPull):
        pin.pull = "up"
    assert pin.pull == "floating"


def test_a_failure_that_is_not_somebody_else_s_line_comes_out(bench: Bench) -> None:
    bench.board.unplug()
    with pytest.raises(OSError, match="No such device"):
        DigitalOutputDevice(LATCH, pin_factory=bench.factory)


def test_a_chip_that_goes_ends_the_listening_and_says_so(bench: Bench) -> None:
    switch = DigitalInputDevice(SWITCH, pull_up=True, pin_factory=bench.factory)
    bench.board.unplug()
    assert waited(bench.is_lost)
    assert [error.errno for error in bench.lost] == [errno.ENODEV]
    switch.close()
    bench.board.plug()


# --- opening a chip


def opener(board: GpioBoard) -> Callable[[str], FakeChip]:
    return board.open


def test_a_chip_is_found_by_its_path() -> None:
    board = GpioBoard({}, now_ms=lambda: 0)
    chip = open_chip(PATH, opener(board), nodes=list)
    assert (chip.get_info().label, board.open_descriptors) == (board.label, 1)
    chip.close()
    assert board.open_descriptors == 0


def test_a_chip_is_found_by_its_label_whatever_its_number() -> None:
    boards = {
        f"/dev/gpiochip{number}": GpioBoard({}, lambda: 0, label=f"chip-{number}")
        for number in range(3)
    }
    found = open_chip("chip-2", lambda node: boards[node].open(PATH), lambda: sorted(boards))
    assert found.get_info().label == "chip-2"
    found.close()
    assert [board.open_descriptors for board in boards.values()] == [0, 0, 0]


def test_two_chips_of_one_label_are_told_apart_by_path_alone() -> None:
    boards = [GpioBoard({}, lambda: 0, label="twin") for _ in range(2)]
    nodes = {"/dev/gpiochip0": boards[0], "/dev/gpiochip1": boards[1]}
    with pytest.raises(DeviceError, match="2 GPIO chips have the label 'twin'"):
        open_chip("twin", lambda node: nodes[node].open(PATH), lambda: sorted(nodes))
    assert [board.open_descriptors for board in boards] == [0, 0]


def test_no_chip_of_that_label_is_an_absent_device() -> None:
    with pytest.raises(DeviceAbsentError, match="no GPIO chip has the label 'pinctrl-test'"):
        open_chip("pinctrl-test", nodes=list)


def test_a_chip_that_goes_while_it_is_looked_for_is_absent() -> None:
    board = GpioBoard({}, now_ms=lambda: 0)
    board.plugged = False
    with pytest.raises(DeviceAbsentError):
        open_chip(board.label, opener(board), lambda: [PATH])


def test_a_chip_that_goes_before_it_has_said_its_label_is_absent() -> None:
    board = GpioBoard({}, now_ms=lambda: 0)

    def opened_too_late(node: str) -> FakeChip:
        chip = board.open(node)
        board.unplug()
        return chip

    with pytest.raises(DeviceAbsentError):
        open_chip(board.label, opened_too_late, lambda: [PATH])
    assert board.open_descriptors == 0


def test_a_label_that_can_t_be_read_says_why() -> None:
    board = GpioBoard({}, now_ms=lambda: 0)
    board.error = PermissionError(errno.EACCES, "Permission denied")
    with pytest.raises(DeviceError, match="no permission; the till's user must be in its group"):
        open_chip("pinctrl-test", opener(board), lambda: [PATH])


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOENT, "no GPIO chip is there"),
        (errno.ENODEV, "no GPIO chip is there"),
        (errno.EACCES, "no permission; the till's user must be in its group, `gpio`"),
        (errno.ENOTTY, "is no GPIO chip"),
        (errno.EMFILE, "Too many open files"),
    ],
)
def test_what_the_kernel_says_of_a_chip_is_said_with_what_to_do(number: int, said: str) -> None:
    board = GpioBoard({}, now_ms=lambda: 0)
    board.error = OSError(number, os.strerror(number))
    with pytest.raises(DeviceError, match=said) as raised:
        open_chip(PATH, opener(board))
    assert isinstance(raised.value, DeviceAbsentError) is (number in {errno.ENOENT, errno.ENODEV})


def test_the_real_library_is_asked_where_nothing_else_is_said() -> None:
    with pytest.raises(DeviceAbsentError, match="/dev/null: no GPIO chip is there"):
        open_chip("/dev/null")
    assert all(node.startswith("/dev/gpiochip") for node in chip_nodes())
