"""Our token factory: launching a fungible token, and the address that it will have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from eth_abi.abi import encode as abi_encode
from eth_utils.crypto import keccak

from steadymint.chain.calls.abi import Built, Call, Proof, RegisteredContract, Struct, address_in, raw, words
from steadymint.chain.calls.factory import clone_address
from steadymint.chain.nodes.chain import TOKEN_FACTORY
from steadymint.domain.intents import launch
from steadymint.domain.intents.identity import Facts
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.launch import LaunchTerms
from steadymint.domain.intents.rows import Effects
from steadymint.domain.types import Address, Bytes32


@dataclass(frozen=True, slots=True)
class TokenInit(Struct):
    """`TokenInit` of the contracts: everything that a token begins with."""

    ABI: ClassVar = (
        *("address", "address", "string", "string", "uint8", "uint256", "uint256", "bool", "bool", "string"),
    )

    owner: Address
    """Zero: nobody ever mints more."""
    recipient: Address
    name: str
    symbol: str
    decimals: int
    supply: int
    cap: int
    burnable: bool
    permit: bool
    contract_uri: str


@dataclass(frozen=True, slots=True)
class LaunchToken(Call):
    FUNCTION: ClassVar = "launchToken"
    ABI: ClassVar = ("bytes32", TokenInit)

    salt: Bytes32
    init: TokenInit


def predict_token(
    *, factory: Address, implementation: Address, chain_number: int, creator: Address, salt: Bytes32
) -> Address:
    """The address that `launchToken` gives. The same as the factory's `predict`; the salt binds chain and creator."""
    bound = keccak(abi_encode(("uint256", "address", "bytes32"), (chain_number, creator, raw(salt))))
    return clone_address(factory, implementation, bound)


def _launch(terms: LaunchTerms, creator: Address, reference: Bytes32) -> Built:
    init = TokenInit(
        owner=terms.owner(creator),
        recipient=terms.recipient,
        name=terms.name,
        symbol=terms.symbol,
        decimals=terms.decimals,
        supply=terms.supply,
        cap=terms.cap,
        burnable=terms.burnable,
        permit=terms.permit,
        contract_uri=terms.contract_uri,
    )
    return Built(RegisteredContract(TOKEN_FACTORY), LaunchToken(reference, init))


def _launched(contract: Address, topics: Sequence[str], data: str) -> tuple[Facts, Effects]:
    """The factory tells of the token; the token's address is what the intent has foreseen."""
    # `string` is read as `bytes`, which has the same layout: text that is not UTF-8 is only another text.
    kind = launch.INIT_TYPE.replace("string", "bytes")
    _, init = words(("address", kind), raw(data))
    return launch.facts(address_in(topics[1]), address_in(topics[2]), abi_encode((kind,), (init,))), {}


CALLS: Final = (LaunchToken,)
BUILDERS: Final = {IntentKind.LAUNCH: _launch}
PROOFS: Final = (
    Proof(
        IntentKind.LAUNCH,
        f"TokenLaunched(address,address,bytes32,address,{launch.INIT_TYPE})",
        reference_topic=3,  # the salt
        read=_launched,
    ),
)
