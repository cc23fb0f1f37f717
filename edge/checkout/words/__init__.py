"""What a till says, in English and Chinese."""
