"""The journal and what is derived from it, in SQLite."""
