"""Chains to measure on: the same for the same arguments.

Our factory creates the collections. Their code is then exchanged for a loop that emits Transfer logs, so that a block
of a hundred mints and transfers costs two small transactions: what the indexer reads is the same, and a chain of
200,000 logs is made in a minute.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

from steadymint.indexing.subjects.movements.topics import TRANSFER
from steadymint.stack.anvil import Anvil
from steadymint.stack.deploy import Deployment
from tests.support.indexing import call_data, init

OWNERS = 512
"""Accounts that tokens move between; a power of two."""
OWNER_BASE = 0xA11CE << 80
SENDER = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"
ANVIL_OPTIONS = (
    *("--order", "fifo", "--gas-limit", "30000000000", "--base-fee", "0", "--gas-price", "0"),
    *("--timestamp", "1700000000", "--prune-history", "8"),
)
COLLECTIONS_PER_BLOCK = 10
TAIL = 70
"""Empty blocks at the end, so that the logs are history and not the live tail."""


@dataclass(frozen=True, slots=True)
class Made:
    """A chain and what is on it."""

    anvil: Anvil
    contracts: Deployment
    collections: list[str]
    logs: int
    """Transfer logs."""
    tokens: int
    first: int
    last: int
    """Blocks that hold them."""


def emitter() -> str:
    """Runtime code: calldata is four words (from somebody?, step, first id, count), and for each id it emits
    `Transfer(from, owner(id + step), id)` with `from` either the zero address or `owner(id)`."""
    base = f"73{OWNER_BASE:040x}"  # PUSH20
    wrap = f"61{OWNERS - 1:04x}16"  # PUSH2 mask AND
    loop = 0x09
    code = (
        "604035"  # id
        "806060350190"  # end = id + count; id on top
        "5b"  # loop:
        "80"  # topic 3: id
        f"8060203501{wrap}{base}01"  # topic 2: owner(id + step)
        f"81{wrap}{base}0160003502"  # topic 1: owner(id) * from somebody?
        f"7f{TRANSFER[2:]}"  # topic 0
        "60006000a4"  # LOG4 without data
        "600101"  # id + 1
        f"81811060{loop:02x}57"  # while id < end
        "00"
    )
    assert bytes.fromhex(code)[loop] == 0x5B, "the jump lands on its JUMPDEST"
    return "0x" + code


class Maker:
    """Makes chains on a node without automatic mining."""

    def __init__(self, anvil: Anvil, contracts: Deployment) -> None:
        self.anvil = anvil
        self.contracts = contracts
        self._session: aiohttp.ClientSession

    async def __aenter__(self) -> Maker:
        self._session = aiohttp.ClientSession()
        await self.rpc("evm_setAutomine", False)
        await self.rpc("anvil_setBlockTimestampInterval", 12)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def rpc(self, method: str, *params: Any) -> Any:
        body = orjson.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        async with self._session.post(self.anvil.url, data=body, headers={"content-type": "application/json"}) as reply:
            answer = orjson.loads(await reply.read())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["result"]

    async def created(self, count: int) -> list[str]:
        """So many ERC-721 collections, ten to a block, which can do nothing but emit."""
        hashes: list[str] = []
        for number in range(count):
            salt = (1_000_000 + number).to_bytes(32, "big")
            data = call_data("CollectionFactory", "createCollection", 0, salt, init(SENDER, f"Bench {number}"))
            hashes.append(await self.send(self.contracts.factory, data))
            if number % COLLECTIONS_PER_BLOCK == COLLECTIONS_PER_BLOCK - 1 or number == count - 1:
                await self.rpc("evm_mine")
        collections: list[str] = []
        for tx_hash in hashes:
            receipt = await self.rpc("eth_getTransactionReceipt", tx_hash)
            collections.append("0x" + receipt["logs"][0]["topics"][1][26:])
            await self.rpc("anvil_setCode", collections[-1], emitter())
        return collections

    async def emit(self, collection: str, *, moved: bool, step: int, first: int, count: int) -> None:
        """Mint (or move by `step` owners) the ids `first` to `first + count`, excluded."""
        await self.send(collection, "0x" + "".join(f"{word:064x}" for word in (int(moved), step, first, count)))

    async def send(self, to: str, data: str) -> str:
        transaction = {"from": SENDER, "to": to, "data": data, "gas": hex(1_000_000_000), "gasPrice": "0x0"}
        return await self.rpc("eth_sendTransaction", transaction)

    async def number(self) -> int:
        return int(await self.rpc("eth_blockNumber"), 16)


async def make(anvil: Anvil, contracts: Deployment, *, collections: int, blocks: int, logs_per_block: int) -> Made:
    """`blocks` blocks of `logs_per_block` Transfer logs, each of one collection in turn; a quarter are transfers."""
    async with Maker(anvil, contracts) as maker:
        created = await maker.created(collections)
        first = await maker.number() + 1
        minted = dict.fromkeys(created, 0)
        moved = dict.fromkeys(created, 0)
        for block in range(blocks):
            collection = created[block % collections]
            moves = min(logs_per_block // 4, minted[collection] - moved[collection])
            mints = logs_per_block - moves
            await maker.emit(collection, moved=False, step=0, first=minted[collection] + 1, count=mints)
            if moves:
                await maker.emit(collection, moved=True, step=7, first=moved[collection] + 1, count=moves)
            minted[collection] += mints
            moved[collection] += moves
            await maker.rpc("evm_mine")
        last = await maker.number()
        await maker.rpc("anvil_mine", hex(TAIL))
    return Made(anvil, contracts, created, blocks * logs_per_block, sum(minted.values()), first, last)
