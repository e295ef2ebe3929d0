"""The tables of all services, as SQLAlchemy sees them.

One module per revision of `migrations/versions` that creates tables, with the same name. The revisions are the
authority; a test holds the two equal. Only migrations and tests import these modules: the product speaks SQL.
"""
