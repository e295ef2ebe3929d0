"""Bodies of the market."""
