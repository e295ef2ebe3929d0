"""What pages ask about the market."""
