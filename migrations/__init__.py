"""Everything that shapes a store: Alembic for Postgres, Mongo indexes, Temporal search attributes, chain seeds."""
