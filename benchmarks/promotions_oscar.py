"""django-oscar's offers over the baskets in a file: `python promotions_oscar.py INPUT.json`.

Prints one JSON object: scenario -> {"ns": [one for each basket], "off": mean discount}. Everything
is in SQLite in memory; the offers are loaded beforehand, and only `Applicator.apply_offers` is
timed. It is run by an interpreter that has django-oscar, not by the house's own.
"""

# ruff: noqa: PLC0415 - Django's models can only be imported once it is set up

import json
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import django
from django.conf import settings

MINOR = 100
CONTRIB = ("admin", "auth", "contenttypes", "flatpages", "messages", "sessions", "sites")
OSCAR_APPS = {
    "address": "Address",
    "analytics": "Analytics",
    "basket": "Basket",
    "catalogue": "Catalogue",
    "catalogue.reviews": "CatalogueReviews",
    "checkout": "Checkout",
    "communication": "Communication",
    "customer": "Customer",
    "dashboard": "Dashboard",
    "dashboard.catalogue": "CatalogueDashboard",
    "dashboard.communications": "CommunicationsDashboard",
    "dashboard.offers": "OffersDashboard",
    "dashboard.orders": "OrdersDashboard",
    "dashboard.pages": "PagesDashboard",
    "dashboard.partners": "PartnersDashboard",
    "dashboard.ranges": "RangesDashboard",
    "dashboard.reports": "ReportsDashboard",
    "dashboard.reviews": "ReviewsDashboard",
    "dashboard.shipping": "ShippingDashboard",
    "dashboard.users": "UsersDashboard",
    "dashboard.vouchers": "VouchersDashboard",
    "offer": "Offer",
    "order": "Order",
    "partner": "Partner",
    "payment": "Payment",
    "search": "Search",
    "shipping": "Shipping",
    "voucher": "Voucher",
    "wishlists": "Wishlists",
}


def set_up() -> None:
    """Django with Oscar's own settings, and its tables."""
    from oscar import defaults

    oscar = {name: getattr(defaults, name) for name in dir(defaults) if name.startswith("OSCAR")}
    settings.configure(
        **{**oscar, "OSCAR_DEFAULT_CURRENCY": "EUR"},
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=[
            *(f"django.contrib.{name}" for name in CONTRIB),
            "oscar.config.Shop",
            *(f"oscar.apps.{name}.apps.{config}Config" for name, config in OSCAR_APPS.items()),
            "haystack",
            "treebeard",
        ],
        ROOT_URLCONF="oscar.urls",
        HAYSTACK_CONNECTIONS={
            "default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}
        },
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        SECRET_KEY="none",
        SITE_ID=1,
        USE_TZ=True,
    )
    django.setup()
    from django.core.management import call_command

    call_command("migrate", run_syncdb=True, verbosity=0)


class Shop:
    """Products by PLU, made once."""

    def __init__(self) -> None:
        from oscar.apps.catalogue.models import Product, ProductClass
        from oscar.apps.partner.models import Partner, StockRecord

        self.make, self.stock = Product.objects.create, StockRecord.objects.create
        self.kind = ProductClass.objects.create(name="goods", track_stock=False)
        self.partner = Partner.objects.create(name="shop")
        self.products: dict[str, Any] = {}

    def product(self, plu: str, price_minor: int) -> Any:
        if plu not in self.products:
            product = self.make(title=plu, product_class=self.kind)
            self.stock(
                product=product,
                partner=self.partner,
                partner_sku=plu,
                price_currency="EUR",
                price=Decimal(price_minor) / MINOR,
                num_in_stock=1_000_000,
            )
            self.products[plu] = product
        return self.products[plu]


def make_offer(shop: Shop, number: int, offer: dict[str, Any], prices: dict[str, int]) -> Any:
    """One offer of the common list as Oscar has it."""
    from oscar.apps.offer.models import Benefit, Condition, ConditionalOffer, Range

    def range_of(name: str, plus: list[str] | None) -> Any:
        goods = Range.objects.create(
            name=f"{name} {number}", slug=f"{name}-{number}", includes_all_products=plus is None
        )
        for plu in plus or ():
            goods.add_product(shop.product(plu, prices[plu]))
        return goods

    kind = offer["kind"]
    goods = range_of("goods", offer["plus"])
    cut = range_of("other", offer["other"]) if kind == "get_other" else goods
    rate, off = Decimal(offer["rate_bp"]) / MINOR, Decimal(offer["off_minor"]) / MINOR
    units = {"three_for_two": 3, "second_half": 2}.get(kind, 1)
    condition: dict[str, Any] = {"type": Condition.COUNT, "value": units}
    if kind == "spend":
        condition = {"type": Condition.VALUE, "value": Decimal(offer["spend_minor"]) / MINOR}
    benefit: dict[str, Any] = {
        "percent": {"type": Benefit.PERCENTAGE, "value": rate},
        "amount": {"type": Benefit.FIXED_UNIT, "value": off},
        "three_for_two": {"type": Benefit.MULTIBUY},
        "second_half": {"type": Benefit.PERCENTAGE, "value": 50, "max_affected_items": 1},
        "get_other": {"type": Benefit.MULTIBUY},
        "order_percent": {"type": Benefit.PERCENTAGE, "value": rate},
        "spend": {"type": Benefit.FIXED, "value": off},
    }[kind]
    return ConditionalOffer.objects.create(
        name=f"offer {number}",
        slug=f"offer-{number}",
        condition=Condition.objects.create(range=goods, **condition),
        benefit=Benefit.objects.create(range=cut, **benefit),
        exclusive=False,
        max_basket_applications=1 if kind == "spend" else None,
    )


def make_basket(shop: Shop, lines: list[tuple[str, int, int]]) -> Any:
    from oscar.apps.basket.models import Basket
    from oscar.apps.partner.strategy import Default

    basket = Basket.objects.create()
    basket.strategy = Default()
    for plu, price_minor, units in lines:
        basket.add_product(shop.product(plu, price_minor), quantity=units)
    return basket


def run(scenario: dict[str, Any], shop: Shop) -> dict[str, Any]:
    from oscar.apps.offer.applicator import Applicator
    from oscar.apps.offer.models import Benefit, Condition, ConditionalOffer, Range

    prices = scenario["prices"]
    for number, offer in enumerate(scenario["offers"]):
        make_offer(shop, number, offer, prices)
    offers = list(ConditionalOffer.objects.select_related("condition", "benefit"))
    spent, off = [], Decimal(0)
    for lines in scenario["baskets"]:
        basket = make_basket(shop, lines)
        list(basket.all_lines())
        begun = time.perf_counter_ns()
        Applicator().apply_offers(basket, offers)
        spent.append(time.perf_counter_ns() - begun)
        off += basket.total_discount * MINOR
    for made in (ConditionalOffer, Condition, Benefit, Range):
        made.objects.all().delete()
    return {"ns": spent, "off": float(off / len(scenario["baskets"]))}


if __name__ == "__main__":
    set_up()
    shop = Shop()
    scenarios = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(json.dumps({name: run(scenario, shop) for name, scenario in scenarios.items()}))
