"""Whether the files that the settings name can be used and go together, for `edge check-config`."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from edge.drivers.payments.payment_gateway import PaymentGatewaySettings
from edge.drivers.plugs import on_one_node
from edge.logo import read_logo
from edge.price.promotions import Promotion
from edge.settings import Settings, SettingsRefused, device_warnings
from edge.shop_catalogue import check_catalogue
from edge.shop_members import check_leases, check_members
from edge.shop_mismatches import ShopLists, mismatches
from edge.shop_promotions import check_promotions
from edge.shop_staff import check_staff, staff_warnings
from edge.store.catalogue_cache import Article
from edge.store.member_file import ImportedMember
from edge.store.member_labels import labels_in_file
from edge.wire.certificates import certificate_problems, foreign_certificate

ContentT = TypeVar("ContentT")


@dataclass(slots=True)
class Checked:
    """What is wrong with a till's files, a line each: with `errors` one of them is not taken; with
    `warnings` all are, and yet there is a mistake in them, or something was forgotten.
    """

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def read(self, check: Callable[[], ContentT], place: str = "") -> ContentT | None:
        """What `check` gives back; None, and its errors, where it refuses."""
        try:
            return check()
        except SettingsRefused as refused:
            self.errors += [f"{place}{line}" for line in refused.lines]
            return None


def check_files(settings: Settings, config: Path) -> Checked:
    """Reads all that the settings name. Warnings are looked for where there are no errors."""
    checked = Checked()

    def read(key: str, check: Callable[[Settings], ContentT]) -> ContentT | None:
        return checked.read(partial(check, settings), f"{config}: {key}: ")

    checked.read(partial(check_certificates, settings, config))
    checked.read(partial(check_payment_files, settings, config))
    read("store.path", check_store)
    articles = read("shop.catalogue", check_catalogue)
    promotions = read("shop.promotions", check_promotions)
    read("shop.staff", check_staff)
    read("shop.logo", check_logo)
    members = read("loyalty.members", check_members)
    read("loyalty.leases", check_leases)
    if not checked.errors:
        lists = _lists(settings, config, articles, promotions, members)
        checked.warnings += [*staff_warnings(settings), *device_warnings(settings)]
        checked.warnings += on_one_node(settings.devices)
        checked.warnings += [f"{place}: {reason}" for place, reason in mismatches(lists, settings)]
    return checked


def _lists(
    settings: Settings,
    config: Path,
    articles: Sequence[Article] | None,
    promotions: Sequence[Promotion] | None,
    members: Sequence[ImportedMember] | None,
) -> ShopLists:
    """What the files hold, with the rows. What is in no file may be in the store, from before."""
    shop, loyalty = settings.shop, settings.loyalty
    shelf = f"{config}: shop.catalogue: {shop.catalogue}: row"
    offers = f"{config}: shop.promotions: {shop.promotions}: promotions row"
    return ShopLists(
        goods=None
        if articles is None
        else [(f"{shelf} {each.row}", each.product, each.codes) for each in articles],
        promotions=[
            (f"{offers} {row} ({each.id})", each.core())
            for row, each in enumerate(promotions or (), start=1)
        ],
        members=None if members is None else labels_in_file(members),
        settings=f"{config}: ",
        catalogue=f"{shelf} 1",
        member_list=f"{config}: loyalty.members: {loyalty.members if loyalty else ''}: ",
    )


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
