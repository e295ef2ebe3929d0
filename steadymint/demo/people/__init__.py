"""The demo of people: two users, three wallets, a token of theirs, and a webhook whose receiver is down at first.

`story.py` is what happens; each other module is a part of it, compared with the chain or with what was received.
"""
