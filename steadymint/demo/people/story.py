"""The story of people: Alice and Bob follow, hide and block, Alice links a contract wallet and launches a token.

All the while her webhook waits for a receiver that is down.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

from contracts import load_artifact
from steadymint.demo.client import ApiClient, ProblemError
from steadymint.demo.people.coin import Coin
from steadymint.demo.people.hook import Hook, Receiver
from steadymint.demo.people.person import Person, expect
from steadymint.demo.run import DemoFailedError, DemoRun
from steadymint.demo.wallets import ContractWallet, KeyWallet
from steadymint.stack.market import expected_market

SUPPLY: Final = 1_000_000
BIO: Final = "I keep the light."


class PeopleStory:
    """Two users, three wallets, one of them a contract."""

    def __init__(self, demo: DemoRun, node_dir: Path) -> None:
        self._demo = demo
        self._node_dir = node_dir
        self._alice: Person
        self._bob: Person
        self._vault: ContractWallet
        self._vaults: ApiClient
        self.coin: Coin
        self.hook: Hook

    async def run(self) -> None:
        """Raises DemoFailedError, ProblemError."""
        async with AsyncExitStack() as stack:
            await self._enter(stack)
            await self._follow_and_hide()
            await self._block()
            self.hook = Hook(self._demo, self._alice)
            await self.hook.subscribe()
            await self._link(stack)
            await self._launch()
            await self._approve_and_revoke()
            await self.hook.fails()
            receiver = await stack.enter_async_context(Receiver(self._node_dir))
            await self.hook.receive(receiver)
            await self._unlink()
            await self.coin.compare(self._bob)
            await self.hook.compare(receiver)
            await self.hook.end()

    async def _enter(self, stack: AsyncExitStack) -> None:
        people: list[Person] = []
        for name, key in (("Alice", self._demo.keys[1]), ("Bob", self._demo.keys[2])):
            client = await stack.enter_async_context(self._demo.client())
            person = Person(self._demo, name, KeyWallet(self._demo.web3, key), client)
            await self._demo.sign_in(client, person.wallet, f"{name}, a key")
            await person.change(username=person.username, displayName=name, bio=BIO)
            people.append(person)
        self._alice, self._bob = people
        names = " and ".join(person.username for person in people)
        self._demo.tell("Both", "named", f"{names}, with a display name and a few words")

    # -- between the two ----------------------------------------------------------------------------------------------

    async def _follow_and_hide(self) -> None:
        alice, bob = self._alice, self._bob
        await bob.relate("PUT", alice, "follow")
        seen = await self._seen_by_bob()
        expect(seen["stats"]["followers"] == 1 and seen["viewer"]["follows"], "Bob follows Alice")
        bob.tell("follows", f"{alice.username}, who has 1 follower now")
        await alice.change(preferences={"privacyLevel": "friends"})
        expect("bio" not in await self._seen_by_bob(), "a follower is no friend yet")
        alice.tell("hides", "her words, links and wallet from all but friends: Bob sees her name only")
        await alice.relate("PUT", bob, "follow")
        expect((await self._seen_by_bob())["bio"] == BIO, "friends see more")
        alice.tell("follows", f"{bob.username} back: friends, so Bob sees her words")
        await alice.change(preferences={"privacyLevel": "private"})
        expect("bio" not in await self._seen_by_bob(), "private is for nobody else")
        await alice.change(preferences={"privacyLevel": "public"})
        expect((await self._seen_by_bob())["bio"] == BIO, "public is for everybody")
        alice.tell("shows", "her profile to nobody, then to everybody")

    async def _block(self) -> None:
        alice, bob = self._alice, self._bob
        await alice.relate("PUT", bob, "block")
        expect(await bob.look_at(alice) is None, "who is blocked finds nobody")
        try:
            await bob.relate("PUT", alice, "follow")
        except ProblemError as problem:
            expect(problem.status == 404, "who is blocked cannot follow")
        else:
            raise DemoFailedError("Bob could follow Alice, who has blocked him")
        alice.tell("blocks", f"{bob.username}, who finds nobody of her name now")
        await alice.relate("DELETE", bob, "block")
        seen = await self._seen_by_bob()
        expect(seen["stats"]["followers"] == 0 and not seen["viewer"]["follows"], "follows are gone for good")
        alice.tell("unblocks", "him; the follows between them are gone")

    async def _seen_by_bob(self) -> dict[str, Any]:
        """Alice's profile as Bob sees it. Raises DemoFailedError."""
        found = await self._bob.look_at(self._alice)
        if found is None:
            raise DemoFailedError("Bob does not find Alice")
        return found

    # -- wallets ------------------------------------------------------------------------------------------------------

    async def _link(self, stack: AsyncExitStack) -> None:
        demo, alice = self._demo, self._alice
        assert isinstance(alice.wallet, KeyWallet)
        self._vault = vault = await ContractWallet.deploy(demo.web3, alice.wallet)
        alice.tell("deploys", f"an ERC-1271 contract wallet, the vault: {vault.address}")
        linked = await alice.client.link(vault, demo.chain_id)
        expect(linked["type"] == "contract" and not linked["isPrimary"], "the vault is linked by its own word")
        alice.tell("links", "the vault, which has said by isValidSignature that it is hers")
        await alice.client.call("PATCH", f"/v1/me/wallets/{vault.address}", {"label": "Vault"})
        await alice.client.call("PUT", f"/v1/me/wallets/{vault.address}/primary")
        expect((await self._seen_by_bob())["address"] == vault.address, "others see the primary wallet")
        alice.tell("prefers", "the vault: it is the address that others see")
        self._vaults = await stack.enter_async_context(demo.client())
        await demo.sign_in(self._vaults, vault, "Vault, a contract")
        mine, its = await alice.client.call("GET", "/v1/me"), await self._vaults.call("GET", "/v1/me")
        expect(mine["userId"] == its["userId"], "who signs in by the vault is Alice")

    async def _unlink(self) -> None:
        alice, path = self._alice, f"/v1/me/wallets/{self._vault.address}"
        await alice.client.call("DELETE", path)
        try:
            await self._vaults.call("GET", "/v1/me")
        except ProblemError as problem:
            expect(problem.status == 401, "the vault's session has ended")
        else:
            raise DemoFailedError("the session of an unlinked wallet goes on")
        expect((await self._seen_by_bob())["address"] == alice.wallet.address, "the key is the primary wallet again")
        lines = await self._demo.pages(alice.client, f"{path}/activity")
        told = [line["action"] for line in reversed(lines)]
        expect({"linked", "verified", "set_primary", "unlinked"} <= set(told), f"each deed has its line: {told}")
        alice.tell("unlinks", f"the vault: its session has ended. Its history: {', '.join(told)}")

    # -- on the chain -------------------------------------------------------------------------------------------------

    async def _launch(self) -> None:
        alice, bob, vault = self._alice, self._bob, self._vault
        self.coin = await Coin.launch(self._demo, alice, SUPPLY)
        await self.coin.transfer("Alice", alice.wallet, bob.wallet.address, "Bob", 250_000)
        await self.coin.transfer("Alice", alice.wallet, vault.address, "the vault", 100_000)
        await self.coin.burn("Bob", bob.wallet, 50_000)
        await self.coin.burn("Vault", vault, 25_000)

    async def _approve_and_revoke(self) -> None:
        """The market may move Alice's wrapped currency, and then may no longer."""
        market = expected_market()
        web3, alice = self._demo.web3, self._alice
        wrapped, conduit = (web3.to_checksum_address(one) for one in (market.wrapped_native, market.conduit))
        contract: Any = web3.eth.contract(address=wrapped, abi=list(load_artifact("WrappedNative").abi))
        for what, amount in (("approve", "1500000000000000000"), ("revoke", "0")):
            asked = {"kind": "erc20_approve", "contract": wrapped, "amount": amount}
            await alice.go_through(f"{what} WETH", await alice.prepare("/v1/approvals/prepare", **asked))
            allowed = await contract.functions.allowance(alice.wallet.address, conduit).call()
            expect(str(allowed) == amount, f"the conduit may move {amount}, and not {allowed}")
            self._demo.tell("Chain", "compared", f"allowance of the market's conduit: {allowed / 10**18:g} WETH")
            again = await alice.prepare("/v1/approvals/prepare", **asked)
            expect(again.get("satisfied") is True, "what stands already needs no signature")
