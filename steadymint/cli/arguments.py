"""Arguments of commands: read by the rules of the domain, with a sentence for what is none. And who gives them."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from typing import TypeVar

import asyncpg
import typer

from steadymint.catalog.contracts import contract_of
from steadymint.domain.errors import NotFoundError
from steadymint.domain.slugs import ContractName
from steadymint.domain.types import Address, ChainId

T = TypeVar("T")


def argument(parse: Callable[[str], T], text: str) -> T:
    """The value of an argument. Raises BadParameter, which ends the command with a sentence."""
    try:
        return parse(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} {error}") from None


async def named_contract(pool: asyncpg.Pool, chain_id: ChainId, name: ContractName) -> Address:
    """The contract that an argument names by its address or its slug. Raises NotFoundError for a slug that no
    collection of the chain has."""
    found = await contract_of(pool, chain_id, name)
    if found is None:
        raise NotFoundError(f"No collection of {chain_id} has the slug {name}")
    return found


def operator_name() -> str:
    """The name of the user at this terminal; "unknown" if the machine does not tell it."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
