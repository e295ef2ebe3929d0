"""What an operator does to the database itself: copies that were tried, a look at its health, room taken back."""
