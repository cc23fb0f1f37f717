"""Alembic runs this file; edge.hq.database hands it an open connection."""

from alembic import context

from edge.hq.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
