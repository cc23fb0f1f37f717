"""What cashier and customer look at."""
