"""The reads of the catalog. A page of a list is one statement that walks an index from the end of the last page.

A statement is a value (`Query`), so a test can ask Postgres for its plan. Hidden and removed collections are left out
everywhere, with all that belongs to them.
"""
