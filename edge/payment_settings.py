"""How long a till asks after a payment by code; docs/payments.md gives the reasons."""

from pydantic import Field

from edge.checkout.payments.payment_policy import Patience
from edge.drivers.settings import SettingsModel


class PaymentSettings(SettingsModel):
    """The core's patience with payments by code; `Patience` in
    `edge.checkout.payments.payment_policy` says what each is for.
    """

    confirm_every_ms: int = Field(default=1_500, ge=10, le=60_000)
    confirm_within_ms: int = Field(default=60_000, ge=10, le=600_000)
    ask_first_ms: int = Field(default=500, ge=10, le=60_000)
    ask_cap_ms: int = Field(default=4_000, ge=10, le=60_000)
    ask_within_ms: int = Field(default=30_000, ge=10, le=600_000)
    reverse_first_ms: int = Field(default=500, ge=10, le=60_000)
    reverse_cap_ms: int = Field(default=30_000, ge=10, le=600_000)
    reverse_within_ms: int = Field(default=300_000, ge=10, le=3_600_000)

    @property
    def patience(self) -> Patience:
        return Patience(**self.model_dump())
