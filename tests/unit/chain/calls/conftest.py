"""The validator of contract wallets' signatures."""

from __future__ import annotations

import pytest

from steadymint.chain.calls.signatures import ContractSignatures
from steadymint.chain.nodes.client import ChainClients


@pytest.fixture
def signatures(clients: ChainClients) -> ContractSignatures:
    return ContractSignatures(clients)
