"""Movements of accounts as journal entries, and back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from edge.checkout.balances.accounts import MOVES, AccountKind, AccountRef, Cause, Lot, Movement
from edge.checkout.records import Entry, EntryKind


def movement_entry(movement: Movement) -> Entry:
    """The journal entry of a movement. Days are ISO 8601, `9999-12-31` for what never expires."""
    ref, cause = movement.ref, movement.cause
    return Entry(
        movement.kind,
        {
            "account": ref.id,
            "account_kind": ref.kind.value,
            "holder": ref.holder,
            "owner": ref.owner,
            "terms": ref.terms,
            "amount": movement.amount,
            "lots": [[lot.expires_on.isoformat(), lot.amount] for lot in movement.lots],
            "debt": movement.debt,
            "reason": cause.reason,
            "receipt_no": cause.receipt_no,
            "of_receipt_no": cause.of_receipt_no,
            "lines": [[line, amount] for line, amount in movement.lines],
            "worth_minor": movement.worth_minor,
            "lease": movement.lease,
        },
    )


def movement_from(kind: EntryKind, body: Mapping[str, Any]) -> Movement:
    """The movement of a journal body; the inverse of `movement_entry`. Raises KeyError, TypeError
    or ValueError when the body is not one.
    """
    if kind not in MOVES:
        raise ValueError(f"{kind} moves no account")
    ref = AccountRef(
        AccountKind(body["account_kind"]), body["holder"], body["owner"], body["terms"]
    )
    if ref.id != body["account"]:
        raise ValueError("the account's id is not that of its holder")
    return Movement(
        kind=kind,
        ref=ref,
        amount=body["amount"],
        lots=tuple(Lot(date.fromisoformat(day), amount) for day, amount in body["lots"]),
        cause=Cause(body["reason"], body["receipt_no"], body["of_receipt_no"]),
        debt=body["debt"],
        lines=tuple((line, amount) for line, amount in body["lines"]),
        worth_minor=body["worth_minor"],
        lease=body["lease"],
    )
