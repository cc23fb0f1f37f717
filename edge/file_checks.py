"""Whether the files that the settings name can be used, for `edge check-config`."""

from contextlib import suppress
from pathlib import Path

from edge.drivers.payments.payment_gateway import PaymentGatewaySettings
from edge.logo import read_logo
from edge.settings import Settings, SettingsRefused
from edge.wire.certificates import certificate_problems, foreign_certificate


def check_store(settings: Settings) -> None:
    """Raises SettingsRefused when the store's folder is not there; the till makes the store in it,
    and no folder.
    """
    folder = settings.store.path.parent
    # One that this user may not look into is another user's, and there.
    with suppress(PermissionError):
        if not folder.is_dir():
            raise SettingsRefused([f"{folder}: no such folder"])


def check_logo(settings: Settings) -> None:
    """Raises SettingsRefused when the settings name a logo that can't be used."""
    if settings.shop.logo is not None:
        read_logo(settings.shop.logo)


def check_certificates(settings: Settings, config: Path) -> None:
    """Raises SettingsRefused with a line for each of the uplink's TLS files that can't be used,
    or when they are good and another till's.
    """
    if settings.uplink is None or settings.uplink.tls is None:
        return
    problems = certificate_problems(settings.uplink.tls)
    if problems:
        raise SettingsRefused(
            [f"{config}: uplink.tls.{name}: {problem}" for name, problem in problems.items()]
        )
    if foreign := foreign_certificate(settings.uplink.tls.cert, settings.device.id):
        raise SettingsRefused([f"{config}: uplink.tls.cert: {foreign}"])


def check_payment_files(settings: Settings, config: Path) -> None:
    """Raises SettingsRefused with a line for each key or authority of a payment gateway that can't
    be used.
    """
    gateways = [each for each in settings.devices if isinstance(each, PaymentGatewaySettings)]
    lines = [
        f"{config}: devices.{each.name}: {problem}"
        for each in gateways
        for problem in each.problems()
    ]
    if lines:
        raise SettingsRefused(lines)
