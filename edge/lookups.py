"""What answers the till's questions to the store: one lookup for each kind of question."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

import structlog

from edge.checkout.balances.accounts import civil_day
from edge.checkout.effects import (
    DrawCard,
    DrawCoupon,
    FindAccount,
    FindAccounts,
    FindMember,
    FindReceiptLoyalty,
    FindVoucher,
    LoadMember,
    ReadCoupon,
    ReadScale,
    ReadShift,
)
from edge.checkout.goods.scale import ScaleTrouble
from edge.checkout.inputs import (
    AccountAnswered,
    AccountsAnswered,
    CardDrawn,
    CouponDrawn,
    CouponRead,
    MemberAnswered,
    MemberLoaded,
    ReceiptLoyaltyAnswered,
    ShiftRead,
    VoucherAnswered,
    Weighed,
    WeighFailed,
)
from edge.checkout.loyalty.members import MemberFound, MemberRefusal
from edge.checkout.promotions.uses import NOBODYS, MemberUses
from edge.effect_runner import Lookup
from edge.ports import Clock, DeviceError, MemberStore, Scale, ScaleError, ShiftStore, VoucherStore


class MemberUsesStore(Protocol):
    """Who knows what a member used of promotions."""

    async def of_member(self, member: str, day: date) -> Mapping[str, MemberUses]:
        """In all, and on that day of the shop's. Raises StoreError."""


def member_lookups(
    members: MemberStore, uses: MemberUsesStore, clock: Clock, utc_offset_minutes: int
) -> Mapping[type, Lookup]:
    """The lookups of members and the numbers that a till gives out."""

    async def find_member(effect: FindMember) -> MemberAnswered:
        at = clock.now()
        answer = await members.find_member(effect.query, at)
        used: Mapping[str, MemberUses] = NOBODYS
        if isinstance(answer, MemberFound):
            # Without a trusted day, one that nothing was used on.
            day = civil_day(at, utc_offset_minutes) or date.min
            used = await uses.of_member(answer.member.number, day)
        return MemberAnswered(at, answer, used)

    async def load_member(effect: LoadMember) -> MemberLoaded:
        return MemberLoaded(clock.now(), await members.member(effect.number))

    async def draw_card(_: DrawCard) -> CardDrawn:
        return CardDrawn(clock.now(), await members.next_card())

    async def draw_coupon(_: DrawCoupon) -> CouponDrawn:
        seed = await members.next_coupon()
        return CouponDrawn(clock.now(), seed.counter, seed.salt)

    return {
        FindMember: find_member,
        LoadMember: load_member,
        DrawCard: draw_card,
        DrawCoupon: draw_coupon,
    }


def account_lookups(members: MemberStore, clock: Clock) -> Mapping[type, Lookup]:
    """The lookups of accounts, of the coupons that are signed, and of what a sale moved."""

    async def find_account(effect: FindAccount) -> AccountAnswered:
        return AccountAnswered(clock.now(), await members.account(effect.account_id))

    async def find_accounts(effect: FindAccounts) -> AccountsAnswered:
        return AccountsAnswered(clock.now(), await members.accounts(effect.account_ids))

    async def read_coupon(effect: ReadCoupon) -> CouponRead:
        at = clock.now()
        name = members.coupon_name(effect.text, at)
        if isinstance(name, MemberRefusal):
            return CouponRead(at, refusal=name)
        return CouponRead(at, name)

    async def find_receipt_loyalty(effect: FindReceiptLoyalty) -> ReceiptLoyaltyAnswered:
        found = await members.receipt_loyalty(effect.receipt_no)
        return ReceiptLoyaltyAnswered(
            clock.now(),
            effect.receipt_no,
            found.member,
            found.movements,
            found.accounts,
            found.expired,
        )

    return {
        FindAccount: find_account,
        FindAccounts: find_accounts,
        ReadCoupon: read_coupon,
        FindReceiptLoyalty: find_receipt_loyalty,
    }


def scale_lookups(scale: Scale, clock: Clock) -> Mapping[type, Lookup]:
    """The lookup of what lies on the scale."""
    log = structlog.get_logger("edge.scale")

    async def read_scale(_: ReadScale) -> Weighed | WeighFailed:
        try:
            weight_milli = await scale.weigh()
        except DeviceError as error:
            log.warning("weighing_failed", reason=str(error))
            said = error.trouble if isinstance(error, ScaleError) else ScaleTrouble.NO_ANSWER
            return WeighFailed(clock.now(), said)
        return Weighed(clock.now(), weight_milli)

    return {ReadScale: read_scale}


def book_lookups(shifts: ShiftStore, vouchers: VoucherStore, clock: Clock) -> Mapping[type, Lookup]:
    """The lookups of how the shift stands, and of whether a voucher was taken here before."""

    async def read_shift(_: ReadShift) -> ShiftRead:
        return ShiftRead(clock.now(), await shifts.shift_state())

    async def find_voucher(effect: FindVoucher) -> VoucherAnswered:
        return VoucherAnswered(clock.now(), await vouchers.is_voucher_taken(effect.number))

    return {ReadShift: read_shift, FindVoucher: find_voucher}
