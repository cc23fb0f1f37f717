"""Headquarters' database: opened, brought up to date, and given out as an engine."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

# A report of a year reads for a second or two while batches wait.
SQLITE_BUSY_MS = 10_000
# Ingest works on one batch at a time; a report may run beside it.
POSTGRES_CONNECTIONS = 4

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}


class DatabaseError(Exception):
    """The database can't be used: the text says which and why."""


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[AsyncEngine]:
    """An engine over a database of the newest shape, for `sqlite:///FILE` or `postgresql://...`.

    Raises DatabaseError.
    """
    engine = _engine(url)
    try:
        try:
            async with engine.begin() as connection:
                await connection.run_sync(_upgrade)
        except (SQLAlchemyError, OSError, CommandError) as error:
            raise _unusable(engine, error) from error
        yield engine
    finally:
        await engine.dispose()


@asynccontextmanager
async def existing_database(url: str) -> AsyncIterator[AsyncEngine]:
    """An engine over a database that ingest has made, neither made nor brought up to date here.

    Raises DatabaseError, also for a database of another shape.
    """
    engine = _engine(url)
    try:
        _refuse_missing_file(engine.url)
        try:
            async with engine.connect() as connection:
                found = await connection.run_sync(_revision)
        except (SQLAlchemyError, OSError) as error:
            raise _unusable(engine, error) from error
        newest = ScriptDirectory.from_config(_alembic()).get_current_head()
        if found != newest:
            raise DatabaseError(
                f"{engine.url.render_as_string()}: schema {found or 'none'}, this software reads"
                f" {newest}; `edge hq ingest` makes and migrates it"
            )
        yield engine
    finally:
        await engine.dispose()


def _refuse_missing_file(url: URL) -> None:
    """SQLite would make it."""
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise DatabaseError(f"{url.database}: there is no such file; `edge hq ingest` makes it")


def _unusable(engine: AsyncEngine, error: Exception) -> DatabaseError:
    """One line: SQLAlchemy writes statement and background on further ones."""
    reason = next(iter(str(error).splitlines()), type(error).__name__)
    return DatabaseError(f"{engine.url.render_as_string()}: {reason}")


def _engine(url: str) -> AsyncEngine:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseError(str(error)) from None
    kind = parsed.get_backend_name()
    if kind not in _DRIVERS:
        raise DatabaseError(f"{kind}: only {' and '.join(sorted(_DRIVERS))} are known")
    parsed = parsed.set(drivername=_DRIVERS[kind])
    if kind == "postgresql":
        return create_async_engine(parsed, pool_size=POSTGRES_CONNECTIONS, max_overflow=0)
    folder = Path(parsed.database or "").parent
    if not folder.is_dir():
        raise DatabaseError(f"{parsed.database}: there is no folder {folder}")
    # One connection in this process: SQLite has one writer anyway, and it never waits for itself.
    engine = create_async_engine(parsed, pool_size=1, max_overflow=0)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: Any) -> None:
    """A rollback journal, not WAL: any number of processes may then write, with any SQLite. Up to
    3.51.2 two writers can corrupt a WAL database when they checkpoint.
    """
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout = {SQLITE_BUSY_MS}")
        cursor.execute("PRAGMA journal_mode = TRUNCATE")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
    except Exception:
        connection.close()  # nobody else would, and its thread would outlive us
        raise
    cursor.close()


def _upgrade(connection: Connection) -> None:
    config = _alembic()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    """The database's schema; None when it has none of ours."""
    return MigrationContext.configure(connection).get_current_revision()


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
