"""Edge Till: a shop's checkout as an appliance."""
