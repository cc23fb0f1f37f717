"""A shop to try the till with, its headquarters beside it, all on this machine."""
