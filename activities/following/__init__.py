"""Following a transaction: one long, cheap wait from the hash to the row in the catalog."""
