"""A contract on the stack's chain that answers with whatever URIs it is told, and its rows in the catalog."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from steadymint.domain.refreshing import CollectionRef
from steadymint.domain.types import Address, ChainId
from steadymint.stack.deploy import DEPLOYER, create, send
from tests.support import writable_views
from tests.support.full_stack import CONFIRMATIONS, FullStack, until
from tests.support.traits import Drop

_PASSED = "select coalesce(max(last_block) >= $2, false) from indexer_service.indexer_checkpoints where chain_id = $1"


class OddCollection:
    """Its tokens are numbered from 0. The rows are written here, not indexed: the chain is asked for URIs only."""

    def __init__(self, full: FullStack, contract: Address, drop: Drop) -> None:
        self.full = full
        self.contract = contract
        self.drop = drop

    @classmethod
    async def of(cls, full: FullStack, size: int) -> OddCollection:
        await full.pool.execute(writable_views.SQL)
        receipt = await create(full.stack.anvil, "TokenUris")
        contract = Address(receipt["contractAddress"].lower())
        row = {"contract_address": contract, "chain_id": full.chain_id, "slug": f"odd-{contract[2:12]}"}
        return cls(full, contract, await Drop.of(full.pool, size, number=int(contract[2:10], 16), **row))

    @property
    def id(self) -> UUID:
        return self.drop.id

    @property
    def ref(self) -> CollectionRef:
        return CollectionRef(chain_id=ChainId(self.full.chain_id), contract=self.contract)

    @property
    def path(self) -> str:
        return f"/v1/collections/{self.full.chain_id}/{self.contract}"

    async def say(self, uris: Mapping[int, str]) -> None:
        """What `tokenURI` answers for these tokens."""
        for number, uri in uris.items():
            await self._call("set(uint256,string)", ["uint256", "string"], number, uri)

    async def say_all(self, base: str) -> None:
        """`tokenURI` answers with the base and the number."""
        await self._call("setBase(string)", ["string"], base)

    async def say_of_itself(self, uri: str) -> None:
        await self._call("setContractURI(string)", ["string"], uri)

    async def indexed(self) -> None:
        """Until the catalog stands at a block in which all that was said holds: that is the block that is read."""
        said = int(await self.full.stack.anvil.rpc("eth_blockNumber"), 16)
        await self.full.blocks.mine(CONFIRMATIONS)

        async def passed() -> bool:
            return await self.full.pool.fetchval(_PASSED, self.full.chain_id, said)

        await until(passed, f"block {said} is indexed")

    async def _call(self, signature: str, types: list[str], *values: Any) -> None:
        data = keccak(text=signature)[:4] + encode(types, values)
        await send(self.full.stack.anvil, {"from": DEPLOYER.address, "to": self.contract, "data": "0x" + data.hex()})
