"""Shifts: the float, the count, X and Z reports."""
