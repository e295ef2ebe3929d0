# Made by scripts/generate_clients.py of the async client and the API's document. Do not edit.
"""The sync client."""
