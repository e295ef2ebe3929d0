"""What `steadymint up --with-gallery` puts on a local chain: artists, collectors, and weeks of trade.

`planner.py` decides everything from a seed number, without touching anything; `filling.py` does it, through the API and
by real transactions. So every row comes from the indexer.
"""
