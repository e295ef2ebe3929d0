"""The market: orders that are handed in, and orders to sign."""
