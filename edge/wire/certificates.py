"""Whether certificate files are what a connection will need, told file by file."""

import ssl
from pathlib import Path
from typing import TYPE_CHECKING

from edge.wire.connection import TlsFiles

if TYPE_CHECKING:
    from cryptography import x509


def certificate_problems(files: TlsFiles) -> dict[str, str]:
    """What is wrong with each file, by its name in TlsFiles: nothing when a connection can be tried
    with them. Whether the broker takes them is the broker's to say.
    """
    problems: dict[str, str] = {}
    for name, path in files:
        try:
            with path.open("rb") as file:
                file.read(1)
        except OSError as error:
            problems[name] = f"{path}: can't be read: {error.strerror}"
    for name in ("ca", "cert"):
        if name not in problems:
            try:
                ssl.create_default_context(cafile=getattr(files, name))
            except OSError as error:
                problems[name] = f"{getattr(files, name)}: no certificate: {_reason(error)}"
    if not problems.keys() & {"cert", "key"}:
        try:
            # An empty password: without one OpenSSL would ask the terminal for it.
            ssl.create_default_context().load_cert_chain(files.cert, files.key, password="")
        except OSError as error:
            problems["key"] = f"{files.key}: no key of {files.cert}: {_reason(error)}"
    return problems


def foreign_certificate(cert: Path, device: str) -> str:
    """In words that the certificate is another device's: whoever connects with it throws that one
    off the broker. Empty when it is the device's own, or a file that no connection comes of.
    """
    from cryptography import x509  # noqa: PLC0415 - a box without an uplink does not pay for it

    try:
        owner = common_name(x509.load_pem_x509_certificate(cert.read_bytes()))
    except (OSError, ValueError):
        return ""
    if owner == device:
        return ""
    return f"certificate {cert} is for {owner or 'nobody'}, device.id is {device}"


def common_name(certificate: "x509.Certificate") -> str:
    """Whose it is to the broker; empty when it names nobody."""
    from cryptography.x509.oid import NameOID  # noqa: PLC0415 - as said above

    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""


def _reason(error: OSError) -> str:
    return getattr(error, "reason", None) or str(error)
