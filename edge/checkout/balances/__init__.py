"""Points, stored value, coupons and count cards: what a till may redeem of them."""
