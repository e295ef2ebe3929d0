"""What the client asks of a wallet, and the message that signs in."""

from __future__ import annotations

from typing import Any, Protocol

from steadymint_client.problems import SteadymintError


class WalletRefusedError(SteadymintError):
    """For wallets to raise: their user has said no."""


class Signer(Protocol):
    """A wallet that signs. Its address is in EIP-55 casing."""

    @property
    def address(self) -> str: ...

    def sign(self, message: str) -> str:
        """`personal_sign`: `0x` and hex. Raises WalletRefusedError."""
        ...

    def sign_typed(self, typed_data: dict[str, Any]) -> str:
        """`eth_signTypedData_v4`: `0x` and hex. Raises WalletRefusedError."""
        ...


class Wallet(Signer, Protocol):
    """A wallet that also sends."""

    def send(self, tx_request: dict[str, Any]) -> str:
        """`eth_sendTransaction`: the hash. `tx_request` is the API's. Raises WalletRefusedError."""
        ...


class AsyncWallet(Signer, Protocol):
    """A wallet that also sends, for the async client."""

    async def send(self, tx_request: dict[str, Any]) -> str:
        """`eth_sendTransaction`: the hash. `tx_request` is the API's. Raises WalletRefusedError."""
        ...


def domain_of(origin: str) -> str:
    """Host and port of a site."""
    return origin.split("://", 1)[1]


def sign_in_message(
    origin: str, address: str, chain_id: str, nonce: str, issued_at: str, statement: str = "Sign in to Steadymint."
) -> str:
    """The text to sign (EIP-4361). `address` is in EIP-55 casing."""
    return (
        f"{domain_of(origin)} wants you to sign in with your Ethereum account:\n{address}\n\n"
        f"{statement}\n\nURI: {origin}\nVersion: 1\nChain ID: {chain_id.split(':')[1]}\n"
        f"Nonce: {nonce}\nIssued At: {issued_at}"
    )
