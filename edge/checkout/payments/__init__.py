"""From the sum to the stored sale: payments in, payments back."""
