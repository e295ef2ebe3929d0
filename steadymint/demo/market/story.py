"""The story of the market: Alice and a contract wallet trade through our API, Bob through OpenSea's library.

Whatever one of the two clients has signed, the other one fills.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

from steadymint.demo.market.foreign import ForeignClient
from steadymint.demo.market.ledger import Household, Ledger
from steadymint.demo.market.trader import Trader
from steadymint.demo.run import DemoFailedError, DemoRun
from steadymint.demo.wallets import ContractWallet, KeyWallet
from steadymint.stack.market import CONDUIT_KEY, expected_market
from steadymint_client import AsyncWallet, models

ETHER: Final = 10**18
ITEM_ERC721: Final = 2
"""Seaport's item type; seaport-js makes type 4, a token by criteria, of one that names no token."""
ARTISTS_SHARE: Final = 500
"""Basis points of the royalty of both collections."""
LAST: Final = 14
"""The highest token of the first collection."""
RED: Final = range(13, LAST + 1)
"""Tokens whose trait the offer by a trait asks for."""


class MarketStory:
    """Two keys and a contract wallet list, offer, buy, sweep, accept, cancel and match."""

    def __init__(self, demo: DemoRun, node_dir: Path) -> None:
        self._demo = demo
        self._node_dir = node_dir
        market = expected_market()
        self._conduit, self._wrapped = market.conduit, demo.web3.to_checksum_address(market.wrapped_native)
        self._carol = KeyWallet(demo.web3, demo.keys[3])
        self._alice: Trader
        self._bob: Trader
        self._vault: Trader
        self._foreign: ForeignClient
        self._matcher: ForeignClient
        self.lights = ""
        self.tides = ""
        self.ledger: Ledger

    async def run(self) -> None:
        """Raises DemoFailedError, SteadymintError."""
        async with AsyncExitStack() as stack:
            await self._enter(stack)
            await self._mint()
            await self.ledger.open()
            await self._a_foreign_client_buys_what_we_list()
            await self._an_offer_and_a_counter_offer()
            await self._a_sweep_of_which_one_is_gone()
            await self._an_edition_in_parts()
            await self._an_offer_for_any_token()
            await self._an_offer_for_a_trait()
            await self._a_match()
            await self._a_purchase_with_an_approval()
            await self._cancellations()
            artist = self._alice.address
            await self.ledger.close(self._alice.client, {self.lights: artist, self.tides: artist})

    # -- before the market opens --------------------------------------------------------------------------------------

    async def _enter(self, stack: AsyncExitStack) -> None:
        demo = self._demo
        alice, bob = KeyWallet(demo.web3, demo.keys[1]), KeyWallet(demo.web3, demo.keys[2])
        demo.tell("Carol", "deploys", "an ERC-1271 contract wallet, the vault")
        vault = await ContractWallet.deploy(demo.web3, self._carol)
        traders: list[Trader] = []
        for name, wallet, what in (("Alice", alice, "a key"), ("Bob", bob, "a key"), ("Vault", vault, "a contract")):
            client = await stack.enter_async_context(demo.client())
            await demo.sign_in(client, wallet, f"{name}, {what}")
            traders.append(Trader(demo, name, wallet, client))
        self._alice, self._bob, self._vault = traders
        self._foreign = await stack.enter_async_context(ForeignClient(self._node_dir))
        self._matcher = await stack.enter_async_context(ForeignClient(self._node_dir))
        for foreign, key in ((self._foreign, demo.keys[2]), (self._matcher, demo.keys[3])):
            conduit = {"conduitKey": "0x" + CONDUIT_KEY.hex(), "conduit": self._conduit}
            await foreign.do("open", nodeUrl=demo.stack["chains"][0]["rpcUrl"], privateKey=key, **conduit)
        demo.tell("Bob", "opens", "@opensea/seaport-js, which knows nothing of this market")
        households = [Household(one.name, (one.address,)) for one in (self._alice, self._bob)]
        households.append(Household("Vault", (self._vault.address, self._carol.address)))
        self.ledger = Ledger(demo, households, expected_market().seaport, self._wrapped)

    async def _mint(self) -> None:
        demo, alice = self._demo, self._alice
        tokens = [
            models.TokenWordsBody(
                name=f"Harbour Light {n}",
                attributes=[models.TraitWordsBody(trait_type="Light", value="Red" if n in RED else "Green")],
            )
            for n in range(1, LAST + 1)
        ]
        published = await alice.api.publish_metadata(models.PublishBody(standard="erc721", tokens=tokens))
        self.lights = await demo.create(
            alice.client, alice.wallet, "erc721", "Harbour Lights", "HARB", base_uri=published.base_uri
        )
        self.tides = await demo.create(alice.client, alice.wallet, "erc1155", "Tide Tables", "TIDE")
        for trader, quantity in ((alice, "8"), (self._bob, str(LAST - 8))):
            body = models.PrepareMintBody(
                chain_id=demo.chain_id, contract=self.lights, standard="erc721", quantity=quantity
            )
            await trader.go_through(f"mint {quantity}", trader.client.mint(trader.wallet, body))
        items = [models.MintItemBody(token_id="1", quantity="20")]
        body = models.PrepareMintBody(chain_id=demo.chain_id, contract=self.tides, standard="erc1155", items=items)
        await alice.go_through("mint an edition", alice.client.mint(alice.wallet, body))
        await self._sent(self._carol, {"to": self._vault.address, "data": "0x", "value": str(ETHER)})
        demo.tell("Carol", "funds", "the vault with 1 ETH")
        for trader in (self._bob, self._vault):
            deposit = {"to": self._wrapped, "data": "0xd0e30db0", "value": str(2 * ETHER)}  # deposit()
            await self._sent(trader.wallet, deposit)
            demo.tell(trader.name, "wraps", "2 ETH")

    async def _sent(self, wallet: AsyncWallet, tx_request: dict[str, Any]) -> None:
        """Send it and wait for its block: the ledger must not be opened while something is under way."""
        tx_hash: Any = await wallet.send(tx_request)
        await self._demo.web3.eth.wait_for_transaction_receipt(tx_hash)

    # -- the market ---------------------------------------------------------------------------------------------------

    async def _a_foreign_client_buys_what_we_list(self) -> None:
        prices = {"1": "0.1", "2": "0.11", "3": "0.12", "4": "0.13"}
        listed = await self._alice.place(*(self._listing(token, price) for token, price in prices.items()))
        await self._fill_abroad(listed[0])
        await self._alice.until(listed[0], "filled")

    async def _an_offer_and_a_counter_offer(self) -> None:
        await self._vault.place(models.WishBody(kind="offer", contract=self.lights, token_id="5", price="0.2"))
        (counter,) = await self._alice.place(self._listing("5", "0.25"))
        await self._vault.is_refused("price_moved", [counter], "0.24")
        await self._vault.buy("buy what was offered back", [counter], "0.25")

    async def _a_sweep_of_which_one_is_gone(self) -> None:
        """Bob cancels one of five after Alice has prepared, and before she sends."""
        wishes = [self._foreign_listing(str(token), "0.05") for token in range(9, 14)]
        signed = await self._foreign.do("signAll", orders=wishes)
        hashes = [await self._bob.hand_in(order["parameters"], order["signature"]) for order in signed]
        await asyncio.gather(*(self._bob.until(one, "active") for one in hashes))
        self._demo.tell("Bob", "listed", "#9 to #13 by seaport-js, five orders under one signature")

        async def cancel_one() -> None:
            await self._foreign.do("cancel", orders=[signed[2]["parameters"]])
            self._demo.tell("Bob", "cancels", "#11, while Alice looks at her wallet")

        done = await self._alice.buy("sweep five, one is gone", hashes, "0.25", meanwhile=cancel_one)
        if done.missed_order_hashes != [hashes[2]] or len(done.fills or ()) != 4:
            raise DemoFailedError(f"the sweep says {done}")
        await self._bob.until(hashes[2], "cancelled")
        await self._alice.is_refused("orders_unavailable", hashes, "0.25")

    async def _an_edition_in_parts(self) -> None:
        wish = models.WishBody(kind="list", contract=self.tides, token_id="1", quantity="10", price="0.01")
        (edition,) = await self._alice.place(wish)
        await self._vault.buy("buy 4 of an edition", [edition], "0.04", units="4")
        await self._fill_abroad(edition, units=3)
        await self._left(edition, "3")

    async def _an_offer_for_any_token(self) -> None:
        """By seaport-js, accepted through us."""
        wish = self._foreign_offer(None, "0.15")
        signed = await self._foreign.do("sign", order=wish)
        offer = await self._bob.hand_in(signed["parameters"], signed["signature"])
        await self._bob.until(offer, "active")
        self._demo.tell("Bob", "offered", "0.15 WETH for any token, by seaport-js")
        await self._alice.sell_to("accept it with #6", offer, "6")

    async def _an_offer_for_a_trait(self) -> None:
        """Through us, accepted by seaport-js, which makes the proof."""
        vault = self._vault
        red: list[str] = []

        async def read() -> bool:
            nonlocal red
            tokens = vault.client.items(vault.api.list_tokens, self._demo.chain_id, self.lights, trait=["Light:Red"])
            red = [token.token_id async for token in tokens]
            return len(red) == len(RED)

        await self._demo.until("the traits of all tokens are read", read)
        wish = models.WishBody(kind="trait-offer", contract=self.lights, traits={"Light": ["Red"]}, price="0.18")
        (offer,) = await vault.place(wish)
        await self._fill_abroad(offer, token=str(LAST), tokens=red)
        await vault.until(offer, "filled")

    async def _a_match(self) -> None:
        """A listing through us and an offer by seaport-js, matched by somebody else."""
        (listing,) = await self._alice.place(self._listing("7", "0.2", currency=self._wrapped))
        offer = await self._foreign.do("sign", order=self._foreign_offer("7", "0.2"))
        mirrored = await self._bob.hand_in(offer["parameters"], offer["signature"])
        ours = await self._alice.signed(listing)
        fulfillments = [_moves((0, 0), (1, 0)), *(_moves((1, 0), (0, item)) for item, _ in enumerate(_paid(ours)))]
        await self._matcher.do("match", orders=[ours, offer], fulfillments=fulfillments)
        self._demo.tell("Carol", "matches", "Alice's listing of #7 and Bob's offer, by seaport-js: one sale")
        await self._alice.until(listing, "filled")
        await self._bob.until(mirrored, "filled")

    async def _a_purchase_with_an_approval(self) -> None:
        """In a currency that the buyer has to approve first, which the steps of the purchase say."""
        (listing,) = await self._alice.place(self._listing("8", "0.3", currency=self._wrapped))
        await self._vault.buy("buy #8 with WETH", [listing], "0.3")

    async def _cancellations(self) -> None:
        """One by its hash, and all of a wallet by its counter."""
        alice, vault = self._alice, self._vault
        chain_id, contract = self._demo.chain_id, self.lights
        listed = alice.client.items(
            alice.api.list_orders, maker=alice.address, chain_id=chain_id, contract=contract, status=["active"]
        )
        (chosen,) = [order.order_hash async for order in listed if order.token_id == "2"]
        await alice.cancel("cancel #2", chosen)
        await alice.until(chosen, "cancelled")
        signed = vault.client.items(vault.api.list_orders, maker=vault.address)
        is_open = [order.order_hash async for order in signed if order.status in {"active", "inactive"}]
        await vault.cancel("raise the counter")
        await asyncio.gather(*(self._vault.until(order_hash, "cancelled") for order_hash in is_open))

    # -- one level down -----------------------------------------------------------------------------------------------

    def _listing(self, token: str, price: str, currency: str | None = None) -> models.WishBody:
        return models.WishBody(kind="list", contract=self.lights, token_id=token, price=price, currency=currency)

    def _foreign_listing(self, token: str, price: str) -> dict[str, Any]:
        """As seaport-js takes it: what is given, what is asked for, and the artist's share of it."""
        return {
            "offer": [{"itemType": ITEM_ERC721, "token": self.lights, "identifier": token}],
            "consideration": [{"amount": _wei(price), "recipient": self._bob.address}],
            "fees": [{"recipient": self._alice.address, "basisPoints": ARTISTS_SHARE}],
        }

    def _foreign_offer(self, token: str | None, price: str) -> dict[str, Any]:
        """For one token, or for any. Without a royalty: this market only warns of that."""
        wanted: dict[str, Any] = {"itemType": ITEM_ERC721, "token": self.lights, "recipient": self._bob.address}
        return {
            "offer": [{"token": self._wrapped, "amount": _wei(price)}],
            "consideration": [wanted | ({"identifiers": []} if token is None else {"identifier": token})],
        }

    async def _fill_abroad(self, order_hash: str, **how: Any) -> None:
        """Bob fills an order of this market by seaport-js: all that he needs of us is the signed order."""
        tx_hash = await self._foreign.do("fill", order=await self._bob.signed(order_hash), **how)
        side = (await self._bob.order(order_hash)).side.replace("_", " ")
        self._demo.tell("Bob", "fills", f"a {side} by seaport-js: {tx_hash}")

    async def _left(self, order_hash: str, units: str) -> None:
        """Until the catalog says that so many units of an order are left. Raises DemoFailedError."""

        async def left() -> bool:
            return (await self._alice.order(order_hash)).fillable == units

        await self._demo.until(f"{units} units of order {order_hash} are left", left)


def _wei(price: str) -> str:
    return str(round(float(price) * 1000) * ETHER // 1000)


def _paid(order: dict[str, Any]) -> list[Any]:
    return order["parameters"]["consideration"]


def _moves(given: tuple[int, int], asked: tuple[int, int]) -> dict[str, Any]:
    """What an order gives goes where another asks for it; both as (order, item)."""
    sides = {"offerComponents": given, "considerationComponents": asked}
    return {name: [{"orderIndex": order, "itemIndex": item}] for name, (order, item) in sides.items()}
