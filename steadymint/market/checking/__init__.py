"""Checks orders again when something has changed on which they depend."""
