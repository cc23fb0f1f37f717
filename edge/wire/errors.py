"""What goes wrong on the wire, split by whose fault it is."""


class WireError(Exception):
    """The other side sent, or this side was asked to send, what the contract does not allow."""


class LinkError(Exception):
    """The connection to the broker failed; a new one may work."""
