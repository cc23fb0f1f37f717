"""What box and headquarters say to each other."""
