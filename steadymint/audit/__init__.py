"""What security and operators need to know afterwards."""
