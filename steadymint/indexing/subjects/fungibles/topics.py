"""Topic 0 of the events of fungible tokens. Names are spelled as in the contracts."""

from __future__ import annotations

from typing import Final

from steadymint.domain.intents.launch import INIT_TYPE
from steadymint.domain.keccak import topic_of

LAUNCHED: Final = topic_of(f"TokenLaunched(address,address,bytes32,address,{INIT_TYPE})")
"""The token factory's event."""
TRANSFER: Final = topic_of("Transfer(address,address,uint256)")  # EIP-20; EIP-721 has the same topic
APPROVAL: Final = topic_of("Approval(address,address,uint256)")  # as above
