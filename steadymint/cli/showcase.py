"""`steadymint up --with-gallery`: fills the stack that runs, once."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from steadymint.cli.local_stack import StackFiles
from steadymint.cli.progress import Progress
from steadymint.demo.run import DemoFailedError, DemoRun
from steadymint.demo.showcase.census import Census, census
from steadymint.demo.showcase.filling import Filled, Filling
from steadymint.demo.showcase.plan import FULL, Size
from steadymint.demo.showcase.planner import planned
from steadymint.stack.chain_node import RpcError
from steadymint.stack.secrets import write_privately
from steadymint_client import SteadymintError

OWN_KEYS: Final = slice(1, 9)
"""The development accounts that people of the showcase use, so that whoever signs in with one finds things of theirs.
The first one stays a newcomer's, the last one has deployed the contracts."""
BEGUN: Final = "begun"
FAILED: Final = ("The gallery could not be filled", "red")
COUNTLESS: Final = ("The gallery is there, but could not be counted", "yellow")


async def fill(home: Path, seed: int, console: Console, size: Size = FULL, keys: slice = OWN_KEYS) -> int:
    """Fill the stack that runs in `home`, unless it is filled. Returns the exit code.

    `keys`: which development accounts take part.
    """
    described = StackFiles(home).describe()
    marker = home / "gallery.json"
    known: dict[str, Any] | None = json.loads(marker.read_text()) if marker.exists() else None
    if known is not None and known.get("state") == BEGUN:
        console.print(
            "The gallery is half full: an earlier run was interrupted. To start again: `steadymint down`, remove "
            f"{home}, and `steadymint up --with-gallery`.",
            style="red",
            soft_wrap=True,
        )
        return 1
    async with DemoRun(described, _silent) as demo:
        if known is not None:
            console.print(f"The gallery is there already, of seed {known['seed']}: nothing was done.")
            filled = Filled(known["contracts"], known["coin"])
            await _told(console, lambda: _print(demo, filled, console), COUNTLESS)
            return 0
        console.print("\nFilling it with artists, collectors and a month of trade. On two idle cores: under a minute.")
        write_privately(marker, json.dumps({"state": BEGUN, "seed": seed}))
        with Progress(console) as progress:
            filling = Filling(demo, planned(seed, size), seed, progress, demo.keys[keys])
            if not await _told(console, filling.run, FAILED):
                return 1
        write_privately(marker, json.dumps({"state": "filled", "seed": seed} | asdict(filling.filled)) + "\n")
        await _told(console, lambda: _print(demo, filling.filled, console), COUNTLESS)
        return 0


def _silent(who: str, what: str, detail: str) -> None:
    """The phases tell enough."""


async def _told(console: Console, work: Callable[[], Awaitable[object]], failed: tuple[str, str]) -> bool:
    """Do it, and say why it has failed: `failed` has the words and the colour. Returns whether it is done."""
    try:
        await work()
    except (DemoFailedError, SteadymintError, RpcError, OSError, TimeoutError) as error:
        words, colour = failed
        console.print(f"{words}: {error}", style=colour, markup=False, soft_wrap=True)
        return False
    return True


async def _print(demo: DemoRun, filled: Filled, console: Console) -> None:
    async with demo.client() as client:
        counts = await census(demo, client, filled)
        named = [await client.api.get_collection(demo.chain_id, contract) for contract in filled.contracts]
    _print_counts(counts, console)
    api = demo.stack["apiUrl"]
    addresses = {"Storefront": f"{api}/"}
    addresses |= {
        one.name: f"{api}/collections/{demo.chain_id}/{contract}"
        for one, contract in zip(named, filled.contracts, strict=True)
    }
    addresses["Harbour Coin"] = f"{api}/v1/tokens-fungible/{demo.chain_id}/{filled.coin}"
    addresses["All orders"] = f"{api}/v1/orders?sort=newest"
    for name, address in addresses.items():
        console.print(f"{name:<16} {address}", markup=False, highlight=False, soft_wrap=True)
    console.print()


def _print_counts(counts: Census, console: Console) -> None:
    shown = ", ".join(f"{count} {name}" for name, count in asdict(counts).items() if name != "holders")
    console.print(f"\nThe gallery: {shown}; Harbour Coin has {counts.holders} holders.", style="bold", soft_wrap=True)
