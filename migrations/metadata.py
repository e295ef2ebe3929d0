"""All tables of all services in one place, for Alembic and for the test that holds them equal to the database."""

from __future__ import annotations

import steadymint.audit.tables
import steadymint.catalog.market_tables
import steadymint.catalog.metadata_tables
import steadymint.catalog.tables
import steadymint.catalog.token_tables
import steadymint.catalog.trait_tables
import steadymint.catalog.word_tables
import steadymint.chain.tables
import steadymint.identity.tables
import steadymint.identity.user_tables
import steadymint.identity.wallet_tables
import steadymint.indexing.tables
import steadymint.intents.tables
import steadymint.tokens.tables
from steadymint import columns

# Importing a module registers its tables; a module that is not named here is not known.
TABLE_MODULES = (
    steadymint.identity.tables,
    steadymint.identity.user_tables,
    steadymint.identity.wallet_tables,
    steadymint.chain.tables,
    steadymint.intents.tables,
    steadymint.indexing.tables,
    steadymint.catalog.tables,
    steadymint.catalog.metadata_tables,
    steadymint.catalog.token_tables,
    steadymint.catalog.trait_tables,
    steadymint.catalog.word_tables,
    steadymint.catalog.market_tables,
    steadymint.tokens.tables,
    steadymint.audit.tables,
)

metadata = columns.metadata
