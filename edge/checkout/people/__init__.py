"""The people of a shop: who is signed on, and what they may do."""
