"""What goes wrong on the wire, split by whose fault it is."""


class WireError(Exception):
    """The other side sent, or this side was asked to send, what the contract does not allow."""


class LinkError(Exception):
    """The connection to the broker failed; a new one may work."""


class CertificateRefusedError(LinkError):
    """The broker does not take our certificate; a new connection works once there is another."""


class TakenOverError(LinkError):
    """Somebody else has connected under our name, and the broker keeps the newer one."""
