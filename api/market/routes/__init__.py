"""The routes of the market."""
