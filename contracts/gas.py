"""Gas of what people do with the contracts, measured on a fresh local chain, beside plain OpenZeppelin contracts.

python -m contracts.gas            # prints the table of docs/contracts.md
python -m contracts.gas --write    # and puts it there
"""

from __future__ import annotations

import argparse
import asyncio
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eth_abi.abi import decode, encode
from eth_utils.abi import collapse_if_tuple, function_abi_to_4byte_selector
from eth_utils.crypto import keccak

from contracts import load_artifact
from steadymint.stack.anvil import DEV_ACCOUNTS, Anvil
from steadymint.stack.deploy import Deployment, create, deploy, send

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "contracts.md"
OWNER, MINTER = (account.address.lower() for account in DEV_ACCOUNTS[:2])
GAS = hex(16_000_000)
NO_RULES = (0, 0, 0, 0, bytes(32))
NO_REF = bytes(32)
REF = keccak(text="intent")
URI = "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi/"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `baseline` is the same action with a plain contract, where that exists."""

    action: str
    gas: int
    baseline: int | None = None

    def markdown(self) -> str:
        ratio = f"{self.gas / self.baseline:.2f}" if self.baseline else ""
        baseline = f"{self.baseline:,}" if self.baseline else ""
        return f"| {self.action} | {self.gas:,} | {baseline} | {ratio} |"


@dataclass
class Meter:
    """Sends calls and keeps what they cost."""

    anvil: Anvil
    rows: list[Row] = field(default_factory=list)

    async def gas(
        self, name: str, contract: str, function: str, *args: Any, sender: str = MINTER, value: int = 0
    ) -> int:
        """Gas used by one successful transaction."""
        transaction = {"from": sender, "to": contract, "data": calldata(name, function, args), "gas": GAS}
        receipt = await send(self.anvil, transaction | {"value": hex(value)})
        return int(receipt["gasUsed"], 16)

    def add(self, action: str, gas: int, baseline: int | None = None) -> None:
        self.rows.append(Row(action, gas, baseline))


def calldata(name: str, function: str, args: Sequence[Any]) -> str:
    """The encoded call of the function `function` of contract `name`."""
    entry: Any = next(e for e in load_artifact(name).abi if e["type"] == "function" and e["name"] == function)
    types = [collapse_if_tuple(parameter) for parameter in entry["inputs"]]
    return "0x" + (function_abi_to_4byte_selector(entry) + encode(types, args)).hex()


def init(**changes: Any) -> tuple[Any, ...]:
    """A collection as people make them: 10,000 tokens, 5 % royalty, free mint."""
    fields: dict[str, Any] = {
        "owner": OWNER,
        "name": "Harbour Lights",
        "symbol": "HRBR",
        "baseURI": URI,
        "contractURI": URI,
        "maxSupply": 10_000,
        "royaltyBps": 500,
        "royaltyReceiver": OWNER,
        "payout": OWNER,
        "mint": NO_RULES,
    }
    return tuple((fields | changes).values())


async def predict(anvil: Anvil, factory: str, kind: int, salt: bytes) -> str:
    data = calldata("CollectionFactory", "predict", (OWNER, kind, salt))
    answer = await anvil.rpc("eth_call", {"to": factory, "data": data}, "latest")
    return decode(["address"], bytes.fromhex(answer[2:]))[0]


async def new_collection(meter: Meter, factory: str, kind: int, label: str, **changes: Any) -> tuple[str, int]:
    """A fresh collection and what it cost."""
    salt = keccak(text=label)
    address = await predict(meter.anvil, factory, kind, salt)
    arguments = (kind, salt, init(**changes))
    return address, await meter.gas("CollectionFactory", factory, "createCollection", *arguments, sender=OWNER)


def wallets(number: int) -> list[str]:
    """Addresses that hold nothing."""
    return ["0x" + keccak(text=f"wallet {nth}")[12:].hex() for nth in range(number)]


def allowlist(size: int) -> tuple[bytes, list[bytes]]:
    """The root of a list of `size` (a power of two) wallets, and the proof of MINTER, its first."""
    wallets = [bytes.fromhex(MINTER[2:]), *(keccak(text=str(number))[12:] for number in range(size - 1))]
    layer = [keccak(keccak(bytes(12) + wallet)) for wallet in wallets]
    proof: list[bytes] = []
    while len(layer) > 1:
        proof.append(layer[1])
        layer = [keccak(b"".join(sorted(layer[at : at + 2]))) for at in range(0, len(layer), 2)]
    return layer[0], proof


async def measure_births(meter: Meter, deployment: Deployment) -> None:
    for name in ("Collection721", "Collection1155", "CollectionFactory"):
        implementations = [deployment.implementation_erc721, deployment.implementation_erc1155]
        receipt = await create(meter.anvil, name, *(implementations if name == "CollectionFactory" else ()))
        meter.add(f"deploy `{name}`, once for each chain", int(receipt["gasUsed"], 16))
    for kind, name in enumerate(("ERC-721", "ERC-1155")):
        _, gas = await new_collection(meter, deployment.factory, kind, f"birth {name}")
        meter.add(f"`createCollection`, {name}", gas)


async def measure_erc721(meter: Meter, deployment: Deployment) -> None:
    ours, _ = await new_collection(meter, deployment.factory, 0, "721")
    plain = (await create(meter.anvil, "ForeignERC721"))["contractAddress"]
    await meter.gas("Collection721", ours, "mint", OWNER, 1, [], NO_REF, sender=OWNER)  # the collection is not new
    await meter.gas("ForeignERC721", plain, "mintMany", OWNER, 1, sender=OWNER)
    for quantity, action in ((1, "1, a wallet's first"), (1, "1"), (10, "10"), (100, "100")):
        gas = await meter.gas("Collection721", ours, "mint", MINTER, quantity, [], REF)
        baseline = await meter.gas("ForeignERC721", plain, "mintMany", MINTER, quantity)
        meter.add(f"ERC-721 `mint` of {action}", gas, baseline)
    gas = await meter.gas("Collection721", ours, "airdrop", MINTER, 100, REF, sender=OWNER)
    meter.add("ERC-721 `airdrop` of 100", gas)
    to = wallets(300)
    gas = await meter.gas("Collection721", ours, "airdropBatch", to, [1] * len(to), REF, sender=OWNER)
    meter.add("ERC-721 `airdropBatch` of 1 to each of 300 new holders", gas)
    for place, token_id in (("first", 4), ("fifth", 8), ("tenth", 13)):
        gas = await meter.gas("Collection721", ours, "transferFrom", MINTER, OWNER, token_id)
        baseline = await meter.gas("ForeignERC721", plain, "transferFrom", MINTER, OWNER, token_id)
        meter.add(f"ERC-721 `transferFrom`, {place} of a batch of 10", gas, baseline)


async def measure_rules(meter: Meter, deployment: Deployment) -> None:
    root, proof = allowlist(1024)
    every_rule = (1_000, 1, 2**63, 5, root)
    strict, _ = await new_collection(meter, deployment.factory, 0, "strict", mint=every_rule)
    await meter.gas("Collection721", strict, "mint", MINTER, 1, proof, REF, value=1_000)
    gas = await meter.gas("Collection721", strict, "mint", MINTER, 1, proof, REF, value=1_000)
    meter.add("ERC-721 `mint` of 1 with price, window, limit and an allowlist of 1,024", gas)
    meter.add("`withdraw`", await meter.gas("Collection721", strict, "withdraw"))


async def measure_erc1155(meter: Meter, deployment: Deployment) -> None:
    ours, _ = await new_collection(meter, deployment.factory, 1, "1155")
    plain = (await create(meter.anvil, "ForeignERC1155"))["contractAddress"]
    for action in ("a new id, a wallet's first", "the same id again"):
        gas = await meter.gas("Collection1155", ours, "mint", MINTER, 1, 5, [], REF)
        baseline = await meter.gas("ForeignERC1155", plain, "mint", MINTER, 1, 5)
        meter.add(f"ERC-1155 `mint` of 5 of {action}", gas, baseline)
    ids, ones = list(range(100, 110)), [1] * 10
    for action in ("new ids", "the same ids again"):
        gas = await meter.gas("Collection1155", ours, "mintBatch", MINTER, ids, ones, [], REF)
        baseline = await meter.gas("ForeignERC1155", plain, "mintBatch", MINTER, ids, ones)
        meter.add(f"ERC-1155 `mintBatch` of 10 {action}", gas, baseline)
    to = wallets(500)
    lists = (to, [100] * len(to), [1] * len(to))
    gas = await meter.gas("Collection1155", ours, "airdropBatch", *lists, REF, sender=OWNER)
    meter.add("ERC-1155 `airdropBatch` of 1 to each of 500 new holders", gas)


async def measure_tokens(meter: Meter, deployment: Deployment) -> None:
    for name, arguments in (("FungibleToken", ()), ("TokenFactory", (deployment.implementation_token,))):
        receipt = await create(meter.anvil, name, *arguments)
        meter.add(f"deploy `{name}`, once for each chain", int(receipt["gasUsed"], 16))
    salt = keccak(text="token")
    born = (OWNER, OWNER, "Harbour Coin", "HRBR", 18, 10**24, 10**25, True, True, URI)
    gas = await meter.gas("TokenFactory", deployment.token_factory, "launchToken", salt, born, sender=OWNER)
    meter.add("`launchToken`", gas)
    asked = calldata("TokenFactory", "predict", (OWNER, salt))
    answer = await meter.anvil.rpc("eth_call", {"to": deployment.token_factory, "data": asked}, "latest")
    ours = decode(["address"], bytes.fromhex(answer[2:]))[0]
    plain = (await create(meter.anvil, "ForeignERC20"))["contractAddress"]
    await meter.gas("ForeignERC20", plain, "mint", OWNER, 10**24, sender=OWNER)
    for action in ("a new holder", "a holder"):
        gas, baseline = [
            await meter.gas(name, token, "transfer", MINTER, 5, sender=OWNER)
            for name, token in (("FungibleToken", ours), ("ForeignERC20", plain))
        ]
        meter.add(f"ERC-20 `transfer` to {action}", gas, baseline)


async def measure() -> str:
    """The table, in Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        anvil = Anvil(Path(folder) / "anvil", ROOT / ".steadymint" / "node", persist=False)
        await anvil.start()
        try:
            meter, deployment = Meter(anvil), await deploy(anvil)
            for part in (measure_births, measure_erc721, measure_rules, measure_erc1155, measure_tokens):
                await part(meter, deployment)
        finally:
            await anvil.stop()
    head = ["| action | gas | plain OpenZeppelin | ratio |", "|---|--:|--:|--:|"]
    return "\n".join([*head, *(row.markdown() for row in meter.rows)])


def write(table: str) -> None:
    """Replace the table between the page's two marks."""
    page = PAGE.read_text(encoding="utf-8")
    pattern, fill = r"(?s)(<!-- gas -->\n).*(<!-- /gas -->)", f"\\g<1>{table}\n\\g<2>"
    fresh, found = re.subn(pattern, fill, page)
    if not found:
        raise LookupError(f"no place for the table in {PAGE}")
    PAGE.write_text(fresh, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the gas of the contracts on a local chain.")
    parser.add_argument("--write", action="store_true", help="put the table into docs/contracts.md")
    table = asyncio.run(measure())
    print(table)  # noqa: T201
    if parser.parse_args().write:
        write(table)


if __name__ == "__main__":
    main()
