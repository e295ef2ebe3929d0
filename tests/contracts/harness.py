"""A synchronous driver of a chain for contract tests: deploy, send, and see why a call is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from eth_abi.abi import decode, encode
from eth_abi.codec import ABICodec
from eth_abi.exceptions import EncodingError
from eth_utils.abi import event_abi_to_log_topic, function_abi_to_4byte_selector, get_abi_input_types
from requests import Session
from web3 import HTTPProvider, Web3
from web3._utils.events import get_event_data
from web3.contract import Contract
from web3.contract.contract import ContractFunction
from web3.types import RPCEndpoint, TxReceipt

from contracts import load_artifact

ERC721 = 0
ERC1155 = 1
KINDS = {ERC721: "Collection721", ERC1155: "Collection1155"}
ZERO_ADDRESS = "0x" + "00" * 20
NO_REF = bytes(32)
_RECEIPT = "eth_getTransactionReceipt"
GAS = 16_000_000
"""Gas of every transaction: no estimate, so that a refused one is mined too; below EIP-7825's cap of 2^24."""


@dataclass(frozen=True)
class MintConfig:
    price: int = 0
    start_time: int = 0
    end_time: int = 0
    limit_per_wallet: int = 0
    allowlist_root: bytes = bytes(32)

    def abi(self) -> tuple[Any, ...]:
        return (self.price, self.start_time, self.end_time, self.limit_per_wallet, self.allowlist_root)


@dataclass(frozen=True)
class CollectionInit:
    owner: str
    name: str = "Harbour"
    symbol: str = "HRBR"
    base_uri: str = "ipfs://base/"
    contract_uri: str = "ipfs://contract"
    max_supply: int = 0
    royalty_bps: int = 500
    royalty_receiver: str = "0x" + "11" * 20
    payout: str = "0x" + "22" * 20
    mint: MintConfig = field(default_factory=MintConfig)

    def abi(self) -> tuple[Any, ...]:
        return (
            self.owner,
            self.name,
            self.symbol,
            self.base_uri,
            self.contract_uri,
            self.max_supply,
            self.royalty_bps,
            self.royalty_receiver,
            self.payout,
            self.mint.abi(),
        )


@dataclass(frozen=True)
class Refusal:
    """Why a call reverted: the custom error's name and its arguments."""

    name: str
    args: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Log:
    """One decoded event, with the address that emitted it."""

    emitter: str
    name: str
    args: dict[str, Any]


class Chain:
    """The node behind `url`, whose ten development accounts are unlocked."""

    def __init__(self, url: str) -> None:
        self._url, self._session = url, Session()
        self._session.trust_env = False  # it would look through the environment for proxies at every request
        self.w3 = Web3(HTTPProvider(url, request_kwargs={"timeout": 60}, session=self._session))
        self.accounts: list[str] = list(self.w3.eth.accounts)
        self._known: dict[tuple[str, str], Contract] = {}

    def rpc(self, method: str, *params: Any) -> Any:
        answer = self.w3.provider.make_request(RPCEndpoint(method), list(params))
        assert "error" not in answer, answer
        return answer.get("result")

    def error(self, method: str, *params: Any) -> Any:
        """The error of a call that has to fail."""
        return self.w3.provider.make_request(RPCEndpoint(method), list(params)).get("error")

    def now(self) -> int:
        """Timestamp of the latest block."""
        return int(self.w3.eth.get_block("latest").get("timestamp", 0))

    def deploy(self, name: str, *args: Any, sender: str | None = None) -> Contract:
        artifact = load_artifact(name)
        factory = self.w3.eth.contract(abi=artifact.abi, bytecode=artifact.bytecode)
        tx = factory.constructor(*args).transact({"from": sender or self.accounts[0], "gas": GAS})
        receipt = self.w3.eth.wait_for_transaction_receipt(tx, poll_latency=0.01)
        assert receipt["status"] == 1
        return self.at(name, str(receipt["contractAddress"]))

    def at(self, name: str, address: str) -> Contract:
        """Kept, since web3 takes 20 ms to make one, and contracts stand where they stood in the last test."""
        if (name, address) not in self._known:
            made = self.w3.eth.contract(address=Web3.to_checksum_address(address), abi=load_artifact(name).abi)
            self._known[name, address] = made
        return self._known[name, address]

    def mine(self, call: ContractFunction, sender: str, value: int = 0) -> TxReceipt:
        """Send without looking at the outcome. In one request: web3's `transact` would make four to fill in fees."""
        tx_hash = self.rpc("eth_sendTransaction", _transaction(call, sender, value))
        return self.w3.eth.wait_for_transaction_receipt(tx_hash, poll_latency=0.01)

    def send(self, call: ContractFunction, sender: str, value: int = 0) -> TxReceipt:
        """Send and insist that it succeeded."""
        receipt = self.mine(call, sender, value)
        assert receipt["status"] == 1, self.refusal(call, sender, value)
        return receipt

    def send_all(self, calls: Sequence[tuple[ContractFunction, str, int]]) -> None:
        """Send calls with their senders and values in order, and insist that all succeed. Their receipts are one
        request: web3 takes as long to read a receipt as the node to make it."""
        hashes = [self.rpc("eth_sendTransaction", _transaction(*one)) for one in calls]
        self.w3.eth.wait_for_transaction_receipt(hashes[-1], poll_latency=0.01)  # the node mines in its own time
        batch = [{"jsonrpc": "2.0", "id": i, "method": _RECEIPT, "params": [one]} for i, one in enumerate(hashes)]
        answers = self._session.post(self._url, json=batch, timeout=60).json()
        for one, answer in zip(calls, sorted(answers, key=lambda answer: answer["id"]), strict=True):
            assert answer["result"]["status"] == "0x1", self.refusal(*one)

    def refusal(self, call: ContractFunction, sender: str, value: int = 0, at: int | None = None) -> Refusal | None:
        """Why the call would revert, in a block of timestamp `at` (default: the next one); None if it would not."""
        tx = {"from": sender, "to": call.address, "value": hex(value), "data": "0x" + calldata(call).hex()}
        overrides = [{}, {"time": hex(at)}] if at is not None else []
        answer = self.w3.provider.make_request(RPCEndpoint("eth_call"), [tx, "latest", *overrides])
        if "error" not in answer:
            return None
        data = answer["error"].get("data")
        assert isinstance(data, str), answer
        return decode_error(list(call.contract_abi), data)


@dataclass(frozen=True)
class House:
    """A factory with its two implementations on a chain."""

    chain: Chain
    implementations: dict[int, Contract]
    factory: Contract

    @classmethod
    def of(cls, chain: Chain, factory: str, erc721: str, erc1155: str) -> House:
        """The house whose contracts stand at these addresses."""
        implementations = {ERC721: chain.at(KINDS[ERC721], erc721), ERC1155: chain.at(KINDS[ERC1155], erc1155)}
        return cls(chain, implementations, chain.at("CollectionFactory", factory))

    def create(
        self, kind: int, init: CollectionInit, salt: bytes = b"\x01" * 32, sender: str | None = None
    ) -> Contract:
        """Create a collection and return it at the address its own event names."""
        receipt = self.chain.send(self.factory.functions.createCollection(kind, salt, init.abi()), sender or init.owner)
        (born,) = [log for log in logs_of(receipt, "CollectionFactory") if log.name == "CollectionCreated"]
        return self.chain.at(KINDS[kind], born.args["collection"])


@dataclass(frozen=True)
class Collection:
    """One collection of either kind, so that a rule both share is tested by the same words."""

    kind: int
    contract: Contract

    def mint(self, to: str, quantity: int, proof: Sequence[bytes] = (), ref: bytes = NO_REF) -> ContractFunction:
        if self.kind == ERC721:
            return self.contract.functions.mint(to, quantity, list(proof), ref)
        return self.contract.functions.mint(to, 7, quantity, list(proof), ref)

    def airdrop(self, to: str, quantity: int, ref: bytes = NO_REF) -> ContractFunction:
        if self.kind == ERC721:
            return self.contract.functions.airdrop(to, quantity, ref)
        return self.contract.functions.airdrop(to, [7], [quantity], ref)

    def balance(self, owner: str) -> int:
        functions = self.contract.functions
        return (functions.balanceOf(owner) if self.kind == ERC721 else functions.balanceOf(owner, 7)).call()

    @property
    def minted_event(self) -> str:
        return "Minted" if self.kind == ERC721 else "MintedBatch"

    def logs(self, receipt: TxReceipt, name: str | None = None) -> list[Log]:
        found = logs_of(receipt, KINDS[self.kind])
        return [log for log in found if name is None or log.name == name]


def _transaction(call: ContractFunction, sender: str, value: int) -> dict[str, str]:
    """What `eth_sendTransaction` takes."""
    data = "0x" + calldata(call).hex()
    return {"from": sender, "to": call.address, "data": data, "value": hex(value), "gas": hex(GAS)}


def calldata(call: ContractFunction) -> bytes:
    """What a transaction of `call` carries. web3 takes ten times as long, since it looks for the function once more."""
    abi: Any = call.abi
    try:
        return function_abi_to_4byte_selector(abi) + encode(get_abi_input_types(abi), call.args)
    except (EncodingError, ValueError, TypeError):  # bytes as a text, tuples by name
        return bytes.fromhex(call._encode_transaction_data()[2:])  # pyright: ignore[reportPrivateUsage]


def selector_of(error: Any) -> bytes:
    """The four bytes that a custom error's revert data begins with."""
    as_function: Any = {**error, "type": "function"}
    return function_abi_to_4byte_selector(as_function)


def decode_error(abi: list[Any], data: str) -> Refusal:
    """The custom error (or `Panic`/`Error`) that `data` encodes, by the ABI of the contract that was called."""
    raw = bytes.fromhex(data.removeprefix("0x"))
    builtin: list[Any] = [
        {"type": "error", "name": "Panic", "inputs": [{"type": "uint256", "name": "code"}]},
        {"type": "error", "name": "Error", "inputs": [{"type": "string", "name": "reason"}]},
    ]
    for entry in [*abi, *builtin]:
        if entry["type"] == "error" and selector_of(entry) == raw[:4]:
            return Refusal(entry["name"], tuple(decode([i["type"] for i in entry["inputs"]], raw[4:])))
    return Refusal(raw.hex())


def logs_of(receipt: TxReceipt, *names: str) -> list[Log]:
    """The receipt's logs that one of the named contracts knows, in order."""
    return list(_decode_logs(receipt, _events_of(names)))


@cache
def _events_of(names: tuple[str, ...]) -> dict[bytes, Any]:
    entries = [entry for name in names for entry in load_artifact(name).abi if entry["type"] == "event"]
    return {event_abi_to_log_topic(entry): entry for entry in entries}  # pyright: ignore[reportArgumentType]


def _decode_logs(receipt: TxReceipt, events: dict[bytes, Any]) -> Iterator[Log]:
    for log in receipt["logs"]:
        if entry := events.get(bytes(log["topics"][0])):
            event = get_event_data(_codec(), entry, log)
            yield Log(log["address"], event["event"], dict(event["args"]))


@cache
def _codec() -> ABICodec:
    return Web3().codec


def with_mint(init: CollectionInit, **rules: Any) -> CollectionInit:
    """`init` with some mint rules replaced."""
    return replace(init, mint=replace(init.mint, **rules))
