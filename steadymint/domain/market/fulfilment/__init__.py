"""Buying listings and accepting offers: parts of orders, the plan of one transaction, and what became of trying it.

`steadymint.chain.fulfilment` makes the transaction of a plan and tries it. Amounts are in the currency's smallest unit,
times in Unix seconds.
"""
