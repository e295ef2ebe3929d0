"""What has happened, told to those outside: an outbox, an order, and a cursor for each consumer."""
