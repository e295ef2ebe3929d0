"""What is said to contracts and what they say: one module for each family, and `table` for the kinds of intents.

`abi`, the families and `table` are pure. `multicall` and `signatures` ask nodes.
"""
