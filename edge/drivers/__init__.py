"""The devices of the box: one file a driver."""
