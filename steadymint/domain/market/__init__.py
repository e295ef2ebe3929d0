"""Orders of Seaport 1.6 as values: what they say, how they are hashed and signed, and what they cost. Pure."""
