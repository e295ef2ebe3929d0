"""The market: orders as the catalog keeps them, and what keeps them true."""
