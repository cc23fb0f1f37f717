"""Scanners and keypads: from bytes and key events to codes and keys."""
