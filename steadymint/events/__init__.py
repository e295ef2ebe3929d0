"""Domain events: an outbox, their order, and a cursor for each consumer."""
