"""Cash drawers on GPIO lines."""
