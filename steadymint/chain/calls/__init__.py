"""What is said to contracts and what they say: one module for each family, and `table` for all of them.

Pure: no chain is asked.
"""
