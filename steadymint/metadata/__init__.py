"""Metadata documents that we read: what token URIs point at, fetched, normalised and kept."""
