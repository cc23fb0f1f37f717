"""The till's decisions, as pure functions over values."""
