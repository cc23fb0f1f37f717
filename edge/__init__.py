"""Edge Till: a shop's checkout as an appliance."""

__version__ = "0.1.0"
