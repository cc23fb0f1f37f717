"""Draw docs/machine.md from the till's own table. `python scripts/draw_machine.py` writes it."""

import re
from collections.abc import Iterable
from pathlib import Path

from edge.checkout.session import Handler, State
from edge.checkout.transitions import ANYWHERE, RULES, Trigger

PAGE = Path(__file__).parents[1] / "docs" / "machine.md"
HEAD = """\
# The till as a table

`edge/checkout/transitions.py` says in which state which trigger does what, and where that may
lead. This page is drawn from it by `scripts/draw_machine.py`, and a test keeps it up to date. A
trigger that a state does not name is refused: a beep, a notice, and nothing else.

## The diagram

An arrow names the triggers that may lead along it; what stays in its state is only in the table.
From `menu` the till goes back to the state from which the menu was opened, or on to its task.
A question (`asking`) or something asked of the world (`finding`) may lie over any state, and leads
back to it.

```mermaid
"""
ORDER: list[str] = list(Trigger)
INPUT_NAME = re.compile(r"(?<!^)(?=[A-Z])")


def named(triggers: Iterable[Trigger]) -> str:
    """The triggers in the keypad's order, the rows of digits first."""
    return ", ".join(sorted(triggers, key=ORDER.index))


def contract(handler: Handler) -> str:
    """What the handler does, in its own words on one line."""
    assert handler.__doc__, f"{handler.__name__} does not say what it does"
    return " ".join(handler.__doc__.split())


def diagram() -> list[str]:
    """One arrow for each pair of states."""
    arrows: dict[tuple[State, State], list[Trigger]] = {}
    for state, rules in RULES.items():
        for trigger, rule in rules.items():
            for after in (rule.leads_to or frozenset()) - {state}:
                arrows.setdefault((state, after), []).append(trigger)
    states = list(State)
    lines = [
        "stateDiagram-v2",
        "    direction LR",
        '    state "any state" as any_state',
        "    [*] --> starting",
    ]
    lines += [
        f"    {state} --> {after}: {named(triggers)}"
        for (state, after), triggers in sorted(
            arrows.items(), key=lambda arrow: (states.index(arrow[0][0]), states.index(arrow[0][1]))
        )
    ]
    return [*lines, "    any_state --> stopped: store failed", "    stopped --> [*]: ENTER"]


def state_rows(state: State) -> list[str]:
    """A row for each thing that can be done in a state, with the triggers that do it."""
    grouped: dict[tuple[Handler, frozenset[State] | None], list[Trigger]] = {}
    for trigger, rule in RULES[state].items():
        grouped.setdefault((rule.handler, rule.leads_to), []).append(trigger)
    return [
        f"| {state} | {named(triggers)} | {contract(handler)} | {places(leads_to)} |"
        for (handler, leads_to), triggers in grouped.items()
    ]


def places(leads_to: frozenset[State] | None) -> str:
    """The states in which a rule may end."""
    if leads_to is None:
        return "wherever the question, or its answer, says"
    return ", ".join(after for after in State if after in leads_to)


def page() -> str:
    """The whole of docs/machine.md."""
    rows = [row for state in RULES for row in state_rows(state)]
    anywhere = [
        f"| {INPUT_NAME.sub(' ', cause.__name__).lower()} | {contract(handler)} |"
        for cause, handler in ANYWHERE.items()
    ]
    parts = [
        HEAD + "\n".join(diagram()),
        "```\n\n## The table\n",
        "| in | on | the till does this | and is then |\n|---|---|---|---|",
        *rows,
        "\n## In any state\n",
        "| on | the till does this |\n|---|---|",
        *anywhere,
    ]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
