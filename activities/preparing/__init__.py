"""Preparing an intent: terms become calldata that the contract is known to accept, and a row. One module per kind.

Local activities, inside the request of a waiting user. Every attempt ends in the same intent: its id, key and calldata
are derived from the order alone, and the row is inserted only once.
"""
