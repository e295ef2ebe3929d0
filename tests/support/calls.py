"""Calldata read back."""

from __future__ import annotations

from steadymint.chain.calls import abi
from steadymint.chain.calls.table import CALLS


def decode(calldata: str) -> abi.Call:
    """What was encoded. Raises ValueError for calldata that is no well-formed call of ours."""
    return abi.decode(calldata, CALLS)
