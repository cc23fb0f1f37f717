"""The open basket and the past sale: lines, discounts, prices, tax, returns."""
