"""Edge Till: a shop's checkout as an appliance.

`RELEASED_UTC_MS` is the midnight (UTC) of the day on which the work on this version began; who
moves `__version__` moves it along. It is the lowest time that a box believes in. One that is too
old only lets a wrong clock pass that it could have caught; one that lies ahead would call every
right clock a wrong one. So it comes from no file's date, which an install on a box may set.
"""

__version__ = "0.1.0"
# 2026-11-21.
RELEASED_UTC_MS = 1_795_219_200_000
