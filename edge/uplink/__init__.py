"""The box's side of the wire to headquarters."""
