"""Metadata documents that we write: of collections and of their tokens, before anything is minted."""
