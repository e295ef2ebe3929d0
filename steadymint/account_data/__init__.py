"""Everything that we hold of a user: its export, and its erasure."""
