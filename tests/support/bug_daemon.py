"""The daemon with a bug in its store: `python -m tests.support.bug_daemon --config FILE` is `edge
run` until a sale is committed, which ends the transaction that it shares with others.
"""

import sys
from pathlib import Path

from edge.daemon import run_daemon
from edge.effect_runner import World
from edge.log import configure_logging
from edge.settings import read_settings
from edge.store.till_store import TillStore


def with_a_bug(world: World) -> World:
    store = world.store
    assert isinstance(store, TillStore)

    async def commit(*_: object, **__: object) -> object:
        return await store._writer.submit(lambda conn: conn.execute("COMMIT"))

    setattr(store, "commit", commit)  # noqa: B010 - a method of one object alone
    return world


if __name__ == "__main__":
    configure_logging()
    sys.exit(run_daemon(read_settings(Path(sys.argv[2])), with_a_bug))
