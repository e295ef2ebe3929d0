"""Following a transaction, from its hash to the row in the catalog, in one long activity."""
