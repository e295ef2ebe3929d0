"""Preparing an intent: the contract has accepted the calldata, and the intent's row is written. One module per kind.

These are local activities within the request of a waiting user. Every attempt ends in the same intent: its id, key and
calldata are derived from the order alone, and its row is inserted only once.
"""
