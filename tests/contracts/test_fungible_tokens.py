"""Fungible tokens: the previewed address is exact, and a token does what it was born with and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils.crypto import keccak
from web3 import Web3
from web3.contract import Contract

from contracts import load_artifact
from steadymint.chain.calls.launches import predict_token
from steadymint.domain.types import Address, Bytes32
from steadymint.stack.dev_accounts import DEV_ACCOUNTS
from tests.contracts.harness import ZERO_ADDRESS, Chain, Refusal, logs_of
from tests.support.local_chain import LocalChain

SALT = keccak(text="salt")
MAX = 2**256 - 1


@dataclass(frozen=True)
class TokenInit:
    owner: str
    recipient: str
    name: str = "Harbour Coin"
    symbol: str = "HRBR"
    decimals: int = 18
    supply: int = 1000
    cap: int = 0
    burnable: bool = True
    permit: bool = True
    contract_uri: str = "ipfs://coin"

    def abi(self) -> tuple[Any, ...]:
        return tuple(vars(self).values())


@pytest.fixture
def factory(evm: Chain, chain: LocalChain) -> Contract:
    """It passes on what the token refuses, so it is given the token's errors, too."""
    errors = [entry for entry in load_artifact("FungibleToken").abi if entry["type"] == "error"]
    address = Web3.to_checksum_address(chain.contracts.token_factory)
    return evm.w3.eth.contract(address=address, abi=[*load_artifact("TokenFactory").abi, *errors])


@pytest.fixture
def born(owner: str) -> TokenInit:
    return TokenInit(owner, owner)


def launched(evm: Chain, factory: Contract, init: TokenInit, sender: str, salt: bytes = SALT) -> Contract:
    receipt = evm.send(factory.functions.launchToken(salt, init.abi()), sender)
    (told,) = [log for log in logs_of(receipt, "TokenFactory") if log.name == "TokenLaunched"]
    return evm.at("FungibleToken", told.args["token"])


def test_the_preview_is_the_address_and_can_be_computed_without_a_node(
    evm: Chain, factory: Contract, chain: LocalChain, born: TokenInit, owner: str, alice: str
) -> None:
    preview = factory.functions.predict(owner, SALT).call()
    computed = predict_token(
        factory=Address(factory.address.lower()),
        implementation=Address(chain.contracts.implementation_token.lower()),
        chain_number=31337,
        creator=Address(owner.lower()),
        salt=Bytes32("0x" + SALT.hex()),
    )
    assert computed == preview.lower()
    assert launched(evm, factory, born, alice).address != preview, "another sender's is another address"
    assert launched(evm, factory, born, owner).address == preview
    again = factory.functions.launchToken(SALT, replace(born, name="Again").abi())
    assert evm.refusal(again, owner) == Refusal("FailedDeployment")


def test_the_birth_is_one_event_with_everything_and_comes_first(
    evm: Chain, factory: Contract, born: TokenInit, owner: str, alice: str
) -> None:
    full = replace(born, recipient=alice, decimals=0, supply=MAX, cap=MAX)
    receipt = evm.send(factory.functions.launchToken(SALT, full.abi()), owner)
    birth, *others = logs_of(receipt, "TokenFactory", "FungibleToken")
    assert (birth.emitter, birth.name) == (factory.address, "TokenLaunched")
    assert (birth.args["creator"], birth.args["salt"]) == (owner, SALT)
    assert tuple(birth.args["init"].values()) == full.abi()
    assert {log.emitter for log in others} == {birth.args["token"]}
    (minted,) = [log for log in others if log.name == "Transfer"]
    assert minted.args == {"from": ZERO_ADDRESS, "to": alice, "value": MAX}
    token = evm.at("FungibleToken", birth.args["token"]).functions
    assert [token.name().call(), token.symbol().call(), token.decimals().call(), token.totalSupply().call()] == [
        *("Harbour Coin", "HRBR"),
        *(0, MAX),
    ]
    assert token.contractURI().call() == "ipfs://coin"


def test_a_token_that_is_minted_once_has_no_owner_and_nobody_mints_more(
    evm: Chain, factory: Contract, born: TokenInit, owner: str
) -> None:
    token = launched(evm, factory, replace(born, owner=ZERO_ADDRESS), owner)
    assert token.functions.owner().call() == ZERO_ADDRESS
    more = token.functions.mint(owner, 1)
    assert evm.refusal(more, owner) == Refusal("OwnableUnauthorizedAccount", (owner.lower(),))
    empty = factory.functions.launchToken(bytes(32), replace(born, owner=ZERO_ADDRESS, supply=0).abi())
    assert evm.refusal(empty, owner) == Refusal("NothingToLaunch")


def test_its_owner_mints_within_the_cap_and_nobody_else_does(
    evm: Chain, factory: Contract, born: TokenInit, owner: str, alice: str
) -> None:
    token = launched(evm, factory, replace(born, cap=1500), owner).functions
    evm.send(token.mint(alice, 500), owner)
    assert evm.refusal(token.mint(alice, 1), owner) == Refusal("CapExceeded", (1, 0))
    assert evm.refusal(token.mint(alice, 1), alice) == Refusal("OwnableUnauthorizedAccount", (alice.lower(),))
    evm.send(token.burn(200), alice)
    assert evm.refusal(token.mint(alice, 201), owner) == Refusal("CapExceeded", (201, 200))
    evm.send(token.renounceOwnership(), owner)
    assert evm.refusal(token.mint(alice, 1), owner) == Refusal("OwnableUnauthorizedAccount", (owner.lower(),))
    born_over = factory.functions.launchToken(bytes(32), replace(born, cap=999).abi())
    assert evm.refusal(born_over, owner) == Refusal("CapExceeded", (1000, 999))


def test_no_supply_passes_what_a_uint256_holds(evm: Chain, factory: Contract, born: TokenInit, owner: str) -> None:
    token = launched(evm, factory, replace(born, supply=MAX), owner).functions
    assert evm.refusal(token.mint(owner, 1), owner) == Refusal("CapExceeded", (1, 0))


def test_holders_burn_what_they_hold_where_the_token_lets_them(
    evm: Chain, factory: Contract, born: TokenInit, owner: str, alice: str
) -> None:
    token = launched(evm, factory, born, owner).functions
    evm.send(token.burn(100), owner)
    evm.send(token.approve(alice, 50), owner)
    evm.send(token.burnFrom(owner, 50), alice)
    assert (token.totalSupply().call(), token.balanceOf(owner).call()) == (850, 850)
    refused = evm.refusal(token.burnFrom(owner, 1), alice)
    assert refused == Refusal("ERC20InsufficientAllowance", (alice.lower(), 0, 1))
    kept = launched(evm, factory, replace(born, burnable=False), owner, bytes(32)).functions
    for call in (kept.burn(1), kept.burnFrom(owner, 1)):
        assert evm.refusal(call, owner) == Refusal("BurnDisabled")


def test_an_approval_by_signature_works_once_and_only_where_the_token_takes_it(
    evm: Chain, factory: Contract, born: TokenInit, owner: str, alice: str
) -> None:
    (holder,) = [account for account in DEV_ACCOUNTS if account.address.lower() == owner.lower()]
    deadline = evm.now() + 3600

    def permit(token: Contract) -> Any:
        message = {"owner": owner, "spender": alice, "value": 7, "nonce": 0, "deadline": deadline}
        domain = {"name": "Harbour Coin", "version": "1", "chainId": 31337, "verifyingContract": token.address}
        kinds = {
            "owner": "address",
            "spender": "address",
            "value": "uint256",
            "nonce": "uint256",
            "deadline": "uint256",
        }
        types = {"Permit": [{"name": name, "type": kind} for name, kind in kinds.items()]}
        signable = encode_typed_data(domain_data=domain, message_types=types, message_data=message)
        signed = Account.sign_message(signable, holder.private_key)
        parts = (signed.v, signed.r.to_bytes(32), signed.s.to_bytes(32))
        return token.functions.permit(owner, alice, 7, deadline, *parts)

    token = launched(evm, factory, born, owner)
    evm.send(permit(token), alice)
    assert token.functions.allowance(owner, alice).call() == 7
    refused = evm.refusal(permit(token), alice)
    assert refused is not None
    assert refused.name == "ERC2612InvalidSigner"
    without = launched(evm, factory, replace(born, permit=False), owner, bytes(32))
    assert evm.refusal(permit(without), alice) == Refusal("PermitDisabled")


def test_what_no_token_may_be_is_refused(evm: Chain, factory: Contract, born: TokenInit, owner: str) -> None:
    for bad, why in (
        (replace(born, decimals=37), Refusal("InvalidDecimals", (37,))),
        (replace(born, recipient=ZERO_ADDRESS), Refusal("ERC20InvalidReceiver", (ZERO_ADDRESS,))),
    ):
        assert evm.refusal(factory.functions.launchToken(SALT, bad.abi()), owner) == why
    assert launched(evm, factory, born, owner).address == factory.functions.predict(owner, SALT).call()


def test_neither_the_implementation_nor_a_token_can_be_initialised_again(
    evm: Chain, factory: Contract, born: TokenInit, owner: str
) -> None:
    implementation = evm.at("FungibleToken", factory.functions.implementation().call())
    for one in (implementation, launched(evm, factory, born, owner)):
        assert evm.refusal(one.functions.initialize(born.abi()), owner) == Refusal("InvalidInitialization")
    with pytest.raises(AssertionError):
        evm.deploy("TokenFactory", owner)
