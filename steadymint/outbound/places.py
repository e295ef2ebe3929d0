"""The places that the requests to one URL take: one in the budget of its host, one in that of its address."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, nullcontext

from yarl import URL

from steadymint.outbound.budget import KeyedBudget
from steadymint.outbound.gate import Gate


class Places:
    """Both budgets, for one URL."""

    def __init__(
        self, url: URL, hosts: KeyedBudget, addresses: KeyedBudget | None, gate: Gate, patience: float | None
    ) -> None:
        """`addresses`: None for a configured origin, whose address nobody looks up here. `patience`: seconds for which
        a place at the host is waited for, None for any time."""
        self._host = url.raw_host or ""
        self._key = key_of(url)
        self._hosts = hosts
        self._addresses = addresses
        self._gate = gate
        self._patience = patience
        self._address: str | None = None

    def at_host(self) -> AbstractAsyncContextManager[None]:
        """Waits for a place at the host. Raises OutboundError `throttled`, or `crowded` when patience ends."""
        return self._hosts.place(self._key, self._patience)

    async def at_address(self) -> AbstractAsyncContextManager[None]:
        """Looks up the address; then waits for a place there. Raises OutboundError."""
        if self._addresses is None:
            return nullcontext()
        self._address = str((await self._gate.addresses(self._host))[0])
        return self._addresses.place(self._address)

    def are_free(self) -> bool:
        """Whether the next request could begin at once, as far as is known."""
        if self._addresses is not None and self._address is not None and not self._addresses.is_free(self._address):
            return False
        return self._hosts.is_free(self._key)


def key_of(url: URL) -> str:
    """The key of a URL's host in the budget of hosts."""
    return f"{(url.raw_host or '').rstrip('.')}:{url.port}"
