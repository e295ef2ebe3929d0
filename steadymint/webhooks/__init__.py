"""Webhooks: who wants to be told of what, under which number, and the sending of it."""
