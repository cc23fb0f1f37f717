"""What the settings say of a cash drawer on GPIO lines."""

from os.path import normpath
from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from edge.drivers.settings import DeviceModel, NodePath, SettingsModel

MAX_PULSE_MS: Final = 250

# A line's number on its chip, or the name that the board's device tree gives it.
Line: TypeAlias = (
    Annotated[int, Field(ge=0, le=1023)] | Annotated[str, Field(min_length=1, max_length=32)]
)


class SenseSettings(SettingsModel):
    """The switch that says whether the drawer is open."""

    line: Line
    pull: Literal["up", "down", "none"] = "up"
    open_level: Literal["high", "low"] = Field(
        default="high", description="a wire that has come off reads as an open drawer"
    )
    debounce_ms: int = Field(default=50, ge=1, le=1_000, description="a drawer bounces when shut")
    open_within_ms: int = Field(
        default=1_000, ge=100, le=10_000, description="the spring throws it out in 300 ms"
    )


class DrawerGpioSettings(DeviceModel):
    """`chip` is the path of a GPIO chip, or its label, which stays when chips are renumbered."""

    driver: Literal["drawer_gpio"]
    chip: NodePath = Field(min_length=1)
    line: Line
    active: Literal["high", "low"] = "high"
    pulse_ms: int = Field(
        default=100,
        ge=10,
        le=MAX_PULSE_MS,
        description="a latch needs 50 ms; a solenoid burns on long ones",
    )
    timeout_ms: int = Field(
        default=2_000, ge=50, le=10_000, description="later, the cashier has opened it with the key"
    )
    sense: SenseSettings | None = None

    @property
    def at(self) -> str:
        return self.chip

    @property
    def places(self) -> tuple[str, ...]:
        lines = [self.line] if self.sense is None else [self.line, self.sense.line]
        return tuple(f"{normpath(self.chip)} line {line}" for line in lines)

    @model_validator(mode="after")
    def _two_lines(self) -> Self:
        if self.sense is not None and self.sense.line == self.line:
            raise ValueError(f"{self.name}: latch and switch can't be the same line")
        return self
