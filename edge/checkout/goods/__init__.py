"""What a shop sells: products, codes, searches and stock."""
