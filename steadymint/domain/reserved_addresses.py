"""Addresses at which no wallet can live. A sign-in with one is refused before anybody is asked."""

from __future__ import annotations

from typing import Final

from steadymint.domain.types import Address

LAST_RESERVED: Final = 0xFFFF
"""The last of the zero address and the addresses of present and future precompiles (EIP-7587 reserves 0x100 to
0x1ff)."""
BURN_ADDRESS: Final = Address("0x" + "dead".rjust(40, "0"))
"""The address to which tokens are sent to be burned. Nobody has its key."""


def is_reserved(address: Address) -> bool:
    """Whether no wallet can live at the address."""
    return int(address, 16) <= LAST_RESERVED or address == BURN_ADDRESS
