"""The currencies of a chain have one source: who takes orders, who gives approvals and who indexes ask the same."""

from __future__ import annotations

from typing import Any

from steadymint.chain.currencies import currencies_of, tokens_of
from steadymint.chain.nodes.chain import CURRENCY, SEAPORT, WRAPPED_NATIVE, Chain, ChainContract
from steadymint.domain.market.others.blur import POOL
from steadymint.domain.market.policy import Currency
from steadymint.domain.types import Address, ChainId
from steadymint.indexing.readers import indexed
from steadymint.market.policies import policy_of

SEAPORT_ADDRESS, WRAPPED, IN_POOL, USDC, OTHER = (Address(f"0x{digit * 40}") for digit in "12345")
DOLLARS = Currency("USDC", 6, is_native=False)
WHOLE = {None: Currency("POL", 18, is_native=True), WRAPPED: Currency("WPOL", 18, is_native=True), USDC: DOLLARS}


def chain_with(*rules: dict[str, Any], **market: Any) -> Chain:
    contracts = [(SEAPORT, SEAPORT_ADDRESS), (WRAPPED_NATIVE, WRAPPED), (POOL, IN_POOL), (CURRENCY, OTHER)]
    return Chain(
        chain_id=ChainId("eip155:137"),
        number=137,
        name="Polygon",
        native_symbol="POL",
        decimals=18,
        version=1,
        features={"market": {"currencies": list(rules), **market}},
        contracts=tuple(ChainContract(name, address, 5) for name, address in contracts),
    )


RULE = {"address": USDC, "symbol": "USDC", "decimals": 6}


def test_what_the_rules_name_is_a_currency_of_the_policy_and_of_the_index() -> None:
    chain = chain_with(RULE)
    assert currencies_of(chain) == WHOLE
    assert policy_of(chain).currencies == WHOLE
    found = indexed(chain)
    assert found.money == WHOLE | {IN_POOL: Currency("BPOL", 18, is_native=True)}
    assert found.roles == {SEAPORT_ADDRESS: SEAPORT, WRAPPED: WRAPPED_NATIVE, USDC: CURRENCY}
    assert found.pools == {POOL: IN_POOL}


def test_rules_that_cannot_be_read_stop_no_index() -> None:
    chain = chain_with(RULE, fee_bps="much")
    assert set(tokens_of(chain)) == {WRAPPED}
    assert USDC not in indexed(chain).roles
