"""The books of a payment gateway, by the rules of docs/payments.md and without any wire."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class GatewayPlan:
    """What becomes of a payment; the `pending_queries`th query finds it confirmed."""

    state: str = "approved"
    pending_queries: int = 0
    reversible: bool = True
    reason: str = ""
    refundable: bool = True


@dataclass(frozen=True, slots=True)
class Refund:
    """What was asked to go back, and what became of it."""

    amount_minor: int
    state: str
    reason: str = ""


@dataclass(slots=True)
class Account:
    """One intent. What was charged and what was given back are counted, each time anew."""

    plan: GatewayPlan
    state: str
    amount_minor: int | None = None
    currency: str | None = None
    looks_left: int = 0
    charges: int = 0
    reversals: int = 0
    refunds: dict[str, Refund] = field(default_factory=dict)


class Ledger:
    """Every intent that was ever named, and what the next payments will come to."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.plans: deque[GatewayPlan] = deque()

    def pay(self, body: dict[str, Any]) -> dict[str, Any]:
        intent_id = body["intent_id"]
        if intent_id not in self.accounts:
            plan = self.plans.popleft() if self.plans else GatewayPlan()
            account = Account(plan, "pending", body["amount_minor"], body["currency"])
            account.looks_left = plan.pending_queries
            self.accounts[intent_id] = account
            self._look(account)
        return self.answer(intent_id)

    def query(self, intent_id: str) -> dict[str, Any]:
        if intent_id in self.accounts:
            self._look(self.accounts[intent_id])
        return self.answer(intent_id)

    def close(self, intent_id: str) -> dict[str, Any]:
        self.accounts.setdefault(intent_id, Account(GatewayPlan(), "closed"))
        return self.answer(intent_id)

    def reverse(self, intent_id: str) -> dict[str, Any]:
        self.close(intent_id)
        account = self.accounts[intent_id]
        if account.state == "approved" and account.plan.reversible and not account.refunds:
            account.reversals += 1
            account.state = "reversed"
        elif account.state == "pending":
            account.state = "reversed"
        return self.answer(intent_id)

    def refund(self, intent_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """Once for a refund's id; together never more than was charged."""
        self.close(intent_id)
        account = self.accounts[intent_id]
        refund_id, amount_minor = body["refund_id"], body["amount_minor"]
        if refund_id not in account.refunds:
            done = [each for each in account.refunds.values() if each.state == "refunded"]
            gone = sum(each.amount_minor for each in done)
            refund = Refund(amount_minor, "refunded")
            if account.state != "approved":
                refund = Refund(amount_minor, "declined", "not_charged")
            elif not account.plan.refundable:
                refund = Refund(amount_minor, "declined", "account_closed")
            elif gone + amount_minor > (account.amount_minor or 0):
                refund = Refund(amount_minor, "declined", "too_much")
            account.refunds[refund_id] = refund
        refund = account.refunds[refund_id]
        return {
            "intent_id": intent_id,
            "refund_id": refund_id,
            "state": refund.state,
            "amount_minor": refund.amount_minor,
            "currency": account.currency or body["currency"],
            "reference": f"gw-{refund_id}",
            "reason": refund.reason,
        }

    def kept_minor(self, intent_id: str) -> int:
        """What the customer is poorer by."""
        account = self.accounts.get(intent_id)
        if account is None:
            return 0
        gone = sum(
            each.amount_minor for each in account.refunds.values() if each.state != "declined"
        )
        return (account.amount_minor or 0) * (account.charges - account.reversals) - gone

    def answer(self, intent_id: str) -> dict[str, Any]:
        account = self.accounts.get(intent_id, Account(GatewayPlan(), "unknown"))
        seen = account.amount_minor is not None
        return {
            "intent_id": intent_id,
            "state": account.state,
            "amount_minor": account.amount_minor,
            "currency": account.currency,
            "reference": f"gw-{intent_id}" if seen else "",
            "reason": account.plan.reason if account.state == "declined" else "",
        }

    def charges(self, intent_id: str) -> int:
        """How often the customer was charged, ever."""
        return self.accounts[intent_id].charges if intent_id in self.accounts else 0

    def net(self, intent_id: str) -> int:
        """Charges that were not given back."""
        account = self.accounts.get(intent_id)
        return account.charges - account.reversals if account else 0

    def _look(self, account: Account) -> None:
        if account.state != "pending":
            return
        if account.looks_left > 0:
            account.looks_left -= 1
            return
        account.state = account.plan.state
        account.charges += account.state == "approved"
