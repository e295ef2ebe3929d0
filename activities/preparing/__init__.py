"""Preparing an intent: the contract has accepted the calldata, and the intent's row is written. One module per kind.

These are local activities within the request of a waiting user. Every attempt ends in the same intent: its id and key
are derived from the order alone, its row is inserted only once, and later attempts answer with what the row holds.
"""
