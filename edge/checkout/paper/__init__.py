"""What is printed, as documents without a printer's bytes."""
