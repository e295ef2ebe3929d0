"""What the catalog answers. Each list is one statement that walks one index from where the last page ended.

A statement is a value (`Query`), so that a test can ask Postgres how it would run it. Collections that are hidden or
removed are left out everywhere, and so is what belongs to them.
"""
