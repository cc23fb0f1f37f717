"""Promotions: what may be off a basket, which of it is best for the customer, and why.

docs/promotions.md says what everything here means.
"""
