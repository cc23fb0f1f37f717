"""Whether certificate files are what a connection will need, told file by file."""

import ssl

from edge.wire.connection import TlsFiles


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


def _reason(error: OSError) -> str:
    return getattr(error, "reason", None) or str(error)
