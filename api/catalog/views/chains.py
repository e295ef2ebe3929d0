"""Turns rows of chains into the bodies that HTTP shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.catalog.bodies.chains import ChainBody, ChainContract, SuggestedFees
from api.http import shown
from steadymint.catalog.chains import PublicChain
from steadymint.domain.types import Address


def chain_body(row: PublicChain, nodes: Mapping[str, str]) -> ChainBody:
    """`nodes` are those of local chains, by CAIP-2."""
    fees: SuggestedFees = {}
    if row.max_fee_gwei is not None:
        fees["maxFeeGwei"] = shown.amount(row.max_fee_gwei)
    if row.priority_fee_gwei is not None:
        fees["priorityFeeGwei"] = shown.amount(row.priority_fee_gwei)
    body: ChainBody = {
        "chainId": row.caip2,
        "number": row.chain_numeric,
        "name": row.name,
        "nativeCurrency": {"symbol": row.native_symbol, "decimals": row.decimals},
        "confirmations": row.confirmations,
        "fees": fees,
        "contracts": [_contract(found) for found in row.contracts],
    }
    if row.explorer_url is not None:
        body["explorerUrl"] = row.explorer_url
    if row.caip2 in nodes:
        body["rpcUrl"] = nodes[row.caip2]
    return body


def _contract(found: Any) -> ChainContract:
    contract: ChainContract = {
        "name": found["name"],
        "address": shown.address(Address(found["address"])),
        "startBlock": found["start_block"],
    }
    if found["standard"] is not None:
        contract["standard"] = found["standard"]
    return contract
