"""The demo of the market: three traders, on real Seaport, half of it through another client than ours.

`story.py` is what happens; `ledger.py` compares what the catalog says of it with the chain.
"""
