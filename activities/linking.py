"""The activities that link a wallet: the link itself, and the later look whether a contract wallet is still there.

The nonce is of one service, the link of another, so there is no transaction over both. Each step recognises the attempt
that has made it before, so after a kill at any line the whole activity is repeated and nothing is doubled.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Protocol

from temporalio import activity

from steadymint.domain.linking import FormerLink, LinkedWallet, LinkOrder
from steadymint.domain.sign_in import WALLET_GONE
from steadymint.domain.types import Address, ChainId, UserId
from steadymint.durable.failures import activity_boundary

MOVED: Final = "wallet_moved"
"""Why sessions ended whose wallet another user has proven to be theirs."""


class Links(Protocol):
    async def check(self, order: LinkOrder) -> None:
        """Raises WalletIsPrimaryError, WalletLinkedElsewhereError, ConflictError."""
        ...

    async def link(self, order: LinkOrder) -> tuple[LinkedWallet, list[FormerLink]]:
        """The link, and those of others that it has ended. Raises as `check`."""
        ...

    async def unlink_lost(self, wallet: LinkedWallet) -> bool:
        """Whether the link was ended. False if it is the user's last one."""
        ...


class Nonces(Protocol):
    async def use(self, order: LinkOrder) -> None:
        """Raises InvalidNonceError, ExpiredNonceError."""
        ...


class WalletSessions(Protocol):
    async def end_of_wallet(self, user_id: UserId, address: Address, chains: Sequence[ChainId], reason: str) -> int: ...


class ContractPresence(Protocol):
    async def stands(self, chain_id: ChainId, address: Address, since: datetime) -> bool:
        """Whether the contract is there, in a block that is deep enough and was made after `since`."""
        ...


class Linking:
    """The local activity `link_wallet`, for an order whose signature is proven."""

    def __init__(self, links: Links, nonces: Nonces, sessions: WalletSessions) -> None:
        self._links = links
        self._nonces = nonces
        self._sessions = sessions

    @activity.defn
    @activity_boundary
    async def link_wallet(self, order: LinkOrder) -> LinkedWallet:
        """Looks whether the link can be made, uses up the nonce, makes the link, and ends the sessions that the wallet
        has opened for the user who had it. A refusal by the first look leaves the nonce valid."""
        await self._links.check(order)
        await self._nonces.use(order)
        wallet, former = await self._links.link(order)
        for link in former:
            await self._sessions.end_of_wallet(UserId(link.user_id), link.account, [link.chain_id], MOVED)
        return wallet


class LinkChecking:
    """The remote activity `look_again_at_link`. It may be repeated."""

    def __init__(self, links: Links, sessions: WalletSessions, contracts: ContractPresence) -> None:
        self._links = links
        self._sessions = sessions
        self._contracts = contracts

    @activity.defn
    @activity_boundary
    async def look_again_at_link(self, wallet: LinkedWallet) -> bool:
        """Whether the wallet is still there. If the block that it was in has left the chain, a new link ends, and the
        wallet's sessions. The last wallet of a user stays linked."""
        if await self._contracts.stands(wallet.chain_id, wallet.account, wallet.proven_at):
            return True
        if wallet.made:
            await self._links.unlink_lost(wallet)
        await self._sessions.end_of_wallet(UserId(wallet.user_id), wallet.account, [wallet.chain_id], WALLET_GONE)
        return False
