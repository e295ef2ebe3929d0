"""The story of people: Alice and Bob follow, hide and block, Alice links a contract wallet and launches a token.

All the while her webhook waits for a receiver that is down.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final, Literal

from contracts import load_artifact
from steadymint.demo.people.coin import Coin
from steadymint.demo.people.hook import Hook, Receiver
from steadymint.demo.people.person import Person, expect
from steadymint.demo.run import DemoFailedError, DemoRun
from steadymint.demo.wallets import ContractWallet, KeyWallet
from steadymint.stack.market import expected_market
from steadymint_client import AsyncSteadymint, ProblemError, models

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
        self._vaults: AsyncSteadymint
        self.coin: Coin
        self.hook: Hook

    async def run(self) -> None:
        """Raises DemoFailedError, SteadymintError."""
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
            await person.api.patch_me(models.MeChange(username=person.username, display_name=name, bio=BIO))
            people.append(person)
        self._alice, self._bob = people
        names = " and ".join(person.username for person in people)
        self._demo.tell("Both", "named", f"{names}, with a display name and a few words")

    # -- between the two ----------------------------------------------------------------------------------------------

    async def _follow_and_hide(self) -> None:
        alice, bob = self._alice, self._bob
        await bob.api.follow_user(alice.username)
        expect(await self._follows() == (1, True), "Bob follows Alice")
        bob.tell("follows", f"{alice.username}, who has 1 follower now")
        await self._show_alice_to("friends")
        expect((await self._seen_by_bob()).bio is None, "a follower is no friend yet")
        alice.tell("hides", "her words, links and wallet from all but friends: Bob sees her name only")
        await alice.api.follow_user(bob.username)
        expect((await self._seen_by_bob()).bio == BIO, "friends see more")
        alice.tell("follows", f"{bob.username} back: friends, so Bob sees her words")
        await self._show_alice_to("private")
        expect((await self._seen_by_bob()).bio is None, "private is for nobody else")
        await self._show_alice_to("public")
        expect((await self._seen_by_bob()).bio == BIO, "public is for everybody")
        alice.tell("shows", "her profile to nobody, then to everybody")

    async def _block(self) -> None:
        alice, bob = self._alice, self._bob
        await alice.api.block_user(bob.username)
        expect(await bob.look_at(alice) is None, "who is blocked finds nobody")
        try:
            await bob.api.follow_user(alice.username)
        except ProblemError as problem:
            expect(problem.status == 404, "who is blocked cannot follow")
        else:
            raise DemoFailedError("Bob could follow Alice, who has blocked him")
        alice.tell("blocks", f"{bob.username}, who finds nobody of her name now")
        await alice.api.unblock_user(bob.username)
        expect(await self._follows() == (0, False), "follows are gone for good")
        alice.tell("unblocks", "him; the follows between them are gone")

    async def _show_alice_to(self, level: Literal["public", "friends", "private"]) -> None:
        change = models.MeChange(preferences=models.PreferencesChange(privacy_level=level))
        await self._alice.api.patch_me(change)

    async def _follows(self) -> tuple[int, bool]:
        """How many followers Alice has, and whether Bob is one, as Bob sees it."""
        seen = await self._seen_by_bob()
        if seen.stats is None or seen.viewer is None:
            raise DemoFailedError("Bob sees neither how many follow Alice nor whether he does")
        return seen.stats.followers, seen.viewer.follows

    async def _seen_by_bob(self) -> models.UserBody:
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
        linked = await alice.client.link_wallet(vault, demo.chain_id)
        expect(linked.type == "contract" and not linked.is_primary, "the vault is linked by its own word")
        alice.tell("links", "the vault, which has said by isValidSignature that it is hers")
        await alice.api.label_wallet(vault.address, models.WalletChange(label="Vault"))
        await alice.api.make_primary(vault.address)
        expect((await self._seen_by_bob()).address == vault.address, "others see the primary wallet")
        alice.tell("prefers", "the vault: it is the address that others see")
        self._vaults = await stack.enter_async_context(demo.client())
        await demo.sign_in(self._vaults, vault, "Vault, a contract")
        mine, its = await alice.api.get_me(), await self._vaults.api.get_me()
        expect(mine.user_id == its.user_id, "who signs in by the vault is Alice")

    async def _unlink(self) -> None:
        alice, vault = self._alice, self._vault.address
        await alice.api.unlink_wallet(vault)
        try:
            await self._vaults.api.get_me()
        except ProblemError as problem:
            expect(problem.status == 401, "the vault's session has ended")
        else:
            raise DemoFailedError("the session of an unlinked wallet goes on")
        expect((await self._seen_by_bob()).address == alice.wallet.address, "the key is the primary wallet again")
        lines = [line async for line in alice.client.items(alice.api.list_wallet_activity, vault)]
        told = [line.action for line in reversed(lines)]
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
            body = models.PrepareApproveBody(
                chain_id=self._demo.chain_id, kind="erc20_approve", contract=wrapped, amount=amount
            )
            await alice.go_through(f"{what} WETH", alice.client.approve(alice.wallet, body))
            allowed = await contract.functions.allowance(alice.wallet.address, conduit).call()
            expect(str(allowed) == amount, f"the conduit may move {amount}, and not {allowed}")
            self._demo.tell("Chain", "compared", f"allowance of the market's conduit: {allowed / 10**18:g} WETH")
            again = await alice.client.approve(alice.wallet, body).outcome()
            expect(again.status == "satisfied", "what stands already needs no signature")
