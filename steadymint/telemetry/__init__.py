"""What a process says about itself: its log, and what it has counted."""
