"""Headquarters' side of the wire."""
