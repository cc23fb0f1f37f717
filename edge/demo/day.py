"""The scripted day: what the cashier does, step by step, and what has to come of it."""

from typing import Final

from edge.demo.evening import AFTERNOON
from edge.demo.morning import MORNING
from edge.demo.noon import MEMBERS, OFFLINE
from edge.demo.steps import DayStep

DAY: Final[tuple[DayStep, ...]] = (*MORNING, *MEMBERS, *OFFLINE, *AFTERNOON)
