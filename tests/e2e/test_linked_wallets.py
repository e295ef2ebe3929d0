"""A contract wallet is linked by its own word, on the whole product with a real chain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eth_utils.address import to_checksum_address

from steadymint.domain.linking import LINK_WALLET, LinkResult
from steadymint.stack.deploy import create
from tests.support.full_stack import FullStack, until
from tests.support.people import Visitor, Wallet


@dataclass
class Vault:
    """A contract wallet, and the key that signs for it."""

    address: Any
    owner: Wallet

    def sign(self, message: str) -> str:
        return self.owner.sign(message)


async def test_a_contract_is_linked_signs_in_as_its_user_and_is_unlinked(full_stack: FullStack) -> None:
    """The key that owns the contract is another account, and links nothing in the contract's name."""
    owner = await full_stack.wallet()
    async with full_stack.blocks.ticking():
        made = await create(full_stack.stack.anvil, "TestWallet1271", owner.address)
    vault: Any = Vault(to_checksum_address(made["contractAddress"]), owner)
    async with full_stack.person() as alice, Visitor(full_stack.stack.api_url, full_stack.origin) as visitor:
        linked = await alice.client.link_wallet(vault, full_stack.chain_id)
        assert (linked.address, linked.type, linked.is_primary) == (vault.address, "contract", False)
        session = await visitor.sign_in(vault, full_stack.chain_id)
        assert session.user_id == (await alice.client.api.get_me()).user_id
        async with full_stack.blocks.ticking():  # the flow looks again once the contract is N blocks deep
            assert not (await _link_flow(full_stack)).wallet_gone
        await alice.client.api.unlink_wallet(vault.address)
        assert (await visitor.ask("GET", "/v1/me")).status == 401
        lines = await alice.client.api.list_wallet_activity(vault.address)
        assert [line.action for line in lines.items] == ["unlinked", "verified", "linked"]


async def _link_flow(full_stack: FullStack) -> LinkResult:
    """The result of the last flow that has linked a wallet on this stack."""

    async def found() -> list[str]:
        return [one.id async for one in full_stack.temporal.list_workflows(f"Flow = '{LINK_WALLET}'")]

    workflow_id, *_ = await until(found, "the flow is listed")
    return await full_stack.temporal.get_workflow_handle(workflow_id, result_type=LinkResult).result()
