"""Intents over HTTP: preparing each kind, reporting its transaction, and watching it."""
