"""Topic 0 of the events on which open orders depend. Those of Seaport are in `domain.market.events`."""

from __future__ import annotations

from typing import Final

from steadymint.domain.keccak import topic_of

APPROVAL: Final = topic_of("Approval(address,address,uint256)")  # EIP-721 and EIP-20
DEPOSIT: Final = topic_of("Deposit(address,uint256)")  # WETH9, which emits no Transfer for it
WITHDRAWAL: Final = topic_of("Withdrawal(address,uint256)")  # WETH9
