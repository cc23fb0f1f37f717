"""A retailer's real till rolls through the whole till, from the scanner's code to the journal."""
