"""`edge selftest`: whether every device of a box works, told to a technician."""
