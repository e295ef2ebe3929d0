"""What the catalog says of the market, beside the chain: each order, each token, and each wei."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts import load_artifact
from steadymint.demo.run import DemoFailedError, DemoRun
from steadymint.domain.counting import counted
from steadymint_client import AsyncSteadymint, models


@dataclass(frozen=True, slots=True)
class Household:
    """Accounts with one purse: a key, or a contract wallet and the key that pays for its calls."""

    name: str
    accounts: tuple[str, ...]


class Ledger:
    """Compares what happened since it was opened. `seaport` and `wrapped` are the addresses of the contracts."""

    def __init__(self, demo: DemoRun, households: Sequence[Household], seaport: str, wrapped: str) -> None:
        self._demo = demo
        self._households = households
        web3 = demo.web3
        abi = list(load_artifact("Seaport").abi)
        self._seaport: Any = web3.eth.contract(address=web3.to_checksum_address(seaport), abi=abi)
        abi = list(load_artifact("WrappedNative").abi)
        self._wrapped: Any = web3.eth.contract(address=web3.to_checksum_address(wrapped), abi=abi)
        self._opened_at = 0
        self._opened_with: dict[str, int] = {}
        self.orders = 0
        self.sales = 0
        self.wei = 0
        """What was paid in all sales."""

    async def open(self) -> None:
        """Everything that the households do from the next block on is compared."""
        self._opened_at = await self._demo.web3.eth.block_number
        self._opened_with = await self._wealth(self._opened_at)

    async def close(self, client: AsyncSteadymint, artists: Mapping[str, str]) -> None:
        """Compare. `artists`: collection -> who gets its royalties. Raises DemoFailedError if the catalog and the chain
        differ."""
        api, chain_id = client.api, self._demo.chain_id
        orders = [
            order
            for contract in artists
            async for order in client.items(api.list_orders, chain_id=chain_id, contract=contract)
        ]
        await asyncio.gather(*(self._compare_order(client, order) for order in orders))
        self.orders = len(orders)
        self._demo.tell(
            "Catalog", "compared", f"{counted(self.orders, 'order')}: each as Seaport's getOrderStatus says"
        )
        sales = [sale for contract in artists async for sale in client.items(api.list_sales, chain_id, contract)]
        await self._compare_events(sales)
        await self._compare_wealth(sales, artists)
        await self._compare_holdings(client, artists)
        for contract in artists:
            await self._compare_floor(client, contract, orders)

    # -- orders -------------------------------------------------------------------------------------------------------

    async def _compare_order(self, client: AsyncSteadymint, order: models.ListedOrderView) -> None:
        functions = self._seaport.functions
        asked = functions.getOrderStatus(bytes.fromhex(order.order_hash[2:])).call()
        (_, cancelled, filled, size), counter = await asyncio.gather(asked, functions.getCounter(order.maker).call())
        units = int(order.quantity) * filled // size if size else 0
        if units != int(order.filled):
            raise DemoFailedError(f"order {order.order_hash}: {order.filled} filled, {units} on the chain")
        shown = await client.api.get_order(self._demo.chain_id, order.order_hash)
        stale = counter != int(shown.components.counter, 0)
        ended = "filled" if units == int(order.quantity) else "cancelled" if cancelled or stale else None
        if ended != (order.status if order.status in {"filled", "cancelled"} else None):
            raise DemoFailedError(f"order {order.order_hash} is {order.status}, on the chain {ended or 'open'}")

    async def _compare_floor(
        self, client: AsyncSteadymint, contract: str, orders: Iterable[models.ListedOrderView]
    ) -> None:
        listed = (one for one in orders if (one.contract, one.side) == (contract, "listing"))
        prices = [int(one.price.raw) for one in listed if one.status == "active"]
        floor = await client.api.get_floor(self._demo.chain_id, contract)
        shown = int(floor.listing.price.raw) if floor.listing else None
        if shown != min(prices, default=None):
            raise DemoFailedError(f"the floor of {contract} is {shown}, of its listings {min(prices, default=None)}")

    async def _compare_holdings(self, client: AsyncSteadymint, collections: Collection[str]) -> None:
        """What each account holds by the catalog it holds by the contracts."""
        compared = 0
        for account in (account for one in self._households for account in one.accounts):
            async for token in client.items(client.api.list_account_tokens, account):
                if token.contract in collections:
                    compared += 1
                    if await self._held(token, account) != int(token.quantity):
                        raise DemoFailedError(f"{account} does not have {token.quantity} of {token.token_id}")
        self._demo.tell("Catalog", "compared", f"{counted(compared, 'holding')}: each as the contract says")

    async def _held(self, token: models.HeldTokenBody, account: str) -> int:
        web3, token_id = self._demo.web3, int(token.token_id)
        single = token.standard == "erc721"
        abi = list(load_artifact("Collection721" if single else "Collection1155").abi)
        functions: Any = web3.eth.contract(address=web3.to_checksum_address(token.contract), abi=abi).functions
        if single:
            return int(await functions.ownerOf(token_id).call() == account)
        return await functions.balanceOf(account, token_id).call()

    # -- money --------------------------------------------------------------------------------------------------------

    async def _compare_events(self, sales: Sequence[models.SaleView]) -> None:
        """Each sale is in a transaction that filled an order, and each such transaction has its sales."""
        fulfilled = self._seaport.events.OrderFulfilled()
        logs = await self._demo.web3.eth.get_logs(
            {"address": self._seaport.address, "fromBlock": self._opened_at + 1, "topics": [fulfilled.topic]}
        )
        on_chain = {log["transactionHash"].to_0x_hex() for log in logs}
        if on_chain != {sale.tx_hash for sale in sales}:
            raise DemoFailedError(f"{len(on_chain)} transactions sold tokens, {len(sales)} sales are shown")
        self.sales = len(sales)
        for sale in sales:
            price, *parts = _amounts(sale)
            if price != sum(parts):
                raise DemoFailedError(f"the parts of sale {sale.id} are not its price")
            self.wei += price
        shown = f"{counted(self.sales, 'sale')}: {len(on_chain)} transactions of the chain, and no other"
        self._demo.tell("Catalog", "compared", shown)

    async def _compare_wealth(self, sales: Sequence[models.SaleView], artists: Mapping[str, str]) -> None:
        """What each household has now is what it had, less its gas, and with its sales: nothing created, nothing
        lost."""
        end = await self._demo.web3.eth.block_number
        has, gas = await asyncio.gather(self._wealth(end), self._gas(end))
        moved = _moved(sales, artists)
        for household in self._households:
            names = {account.lower() for account in household.accounts}
            expected = self._opened_with[household.name] + sum(moved[name] - gas[name] for name in names)
            if has[household.name] != expected:
                raise DemoFailedError(f"{household.name} has {has[household.name]} wei, by the sales {expected}")
            change = sum(moved[name] for name in names) / 10**18
            self._demo.tell(household.name, "compared", f"{change:+.4f} ETH by trade, to the wei, and gas")

    async def _wealth(self, block: int) -> dict[str, int]:
        """Native and wrapped currency of each household together, at the end of a block."""

        async def of(account: str) -> int:
            native, wrapped = await asyncio.gather(
                self._demo.web3.eth.get_balance(self._demo.web3.to_checksum_address(account), block),
                self._wrapped.functions.balanceOf(account).call(block_identifier=block),
            )
            return native + wrapped

        return {one.name: sum([await of(account) for account in one.accounts]) for one in self._households}

    async def _gas(self, end: int) -> defaultdict[str, int]:
        """What each account has paid for its transactions since the ledger was opened."""
        paid: defaultdict[str, int] = defaultdict(int)
        for number in range(self._opened_at + 1, end + 1):
            block: Any = await self._demo.web3.eth.get_block(number)
            for tx_hash in block["transactions"]:
                receipt: Any = await self._demo.web3.eth.get_transaction_receipt(tx_hash)
                paid[receipt["from"].lower()] += receipt["gasUsed"] * receipt["effectiveGasPrice"]
        return paid


def _moved(sales: Iterable[models.SaleView], artists: Mapping[str, str]) -> defaultdict[str, int]:
    """Wei that each account has got by sales, less what it has paid."""
    moved: defaultdict[str, int] = defaultdict(int)
    for sale in sales:
        price, proceeds, _, royalty = _amounts(sale)
        moved[sale.buyer.lower()] -= price
        moved[sale.seller.lower()] += proceeds
        moved[artists[sale.contract].lower()] += royalty
    return moved


def _amounts(sale: models.SaleView) -> tuple[int, int, int, int]:
    """Price, and what the seller, the marketplace and the artist get of it, in wei."""
    amounts = sale.amounts
    return int(amounts.price), int(amounts.proceeds), int(amounts.fees), int(amounts.royalty)
