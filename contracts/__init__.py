"""The compiled contracts: ABI and bytecode of each, from the committed artifacts.

`contracts/compile.mjs` makes the artifacts from `contracts/src` (the product) and `contracts/test` (helpers of
the tests and the demo); a test recompiles them and compares. `contracts/seaport/compile.mjs` makes those of Seaport,
which local chains need; a test compares the address that its code gives.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ARTIFACTS = Path(__file__).parent / "artifacts"
SEAPORT = ARTIFACTS / "seaport"
"""Contracts of others that a market stands on."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """One compiled contract. The object is shared: treat `abi` as read-only.

    `abi` is the JSON ABI as web3 and eth-abi take it; `bytecode` (creation code, without constructor arguments)
    and `deployed_bytecode` (runtime code, immutables zero) are lower-case hex with `0x`.
    """

    name: str
    abi: list[dict[str, Any]]
    bytecode: str
    deployed_bytecode: str


@cache
def load_artifact(name: str) -> Artifact:
    """The contract `name`, e.g. `CollectionFactory` or `Seaport`, or a test helper such as `TestWallet1271`.

    Raises:
        LookupError: no contract of that name is among the artifacts.
    """
    for folder in (ARTIFACTS, SEAPORT, ARTIFACTS / "test"):
        path = folder / f"{name}.json"
        if name.isidentifier() and path.is_file():
            raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            return Artifact(raw["contractName"], raw["abi"], raw["bytecode"], raw["deployedBytecode"])
    raise LookupError(f"no contract named {name!r} among the artifacts")
