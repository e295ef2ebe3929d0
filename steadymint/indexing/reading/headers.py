"""Reads the headers of blocks from a chain's nodes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from steadymint.chain.nodes.errors import UnknownBlockError
from steadymint.chain.nodes.rpc import BACKGROUND_TIMEOUT
from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError
from steadymint.indexing.reading.block_logs import Rpc
from steadymint.indexing.reading.logs import Header


class Headers:
    """The headers of one chain."""

    def __init__(self, rpc: Rpc) -> None:
        self._rpc = rpc
        self._kept: dict[int, Header] = {}
        """Blocks of `consecutive` that were answered while others of the same call were not."""

    async def head_and(self, number: int) -> tuple[Header, Header | None]:
        """The newest block, and the one of this number if the chain has come so far, in one round trip."""
        calls = [("eth_getBlockByNumber", (tag, False)) for tag in ("latest", hex(number))]
        head, other = await self._rpc.batch(calls)
        found = _as_headers([head, None if isinstance(other, UnknownBlockError) else other], missing=True)
        if found[0] is None:
            raise UnknownBlockError
        return found[0], found[1]

    async def one(self, number: int) -> Header | None:
        """The block of this number on the node's present chain; None if it has none."""
        try:
            return (await self.many([number]))[0]
        except UnknownBlockError:
            return None

    async def many(self, numbers: Iterable[int]) -> list[Header]:
        """In one round trip. Raises UnknownBlockError if the node lacks one of them."""
        return await self.numbered([hex(number) for number in numbers])

    async def consecutive(self, numbers: Sequence[int]) -> list[Header]:
        """The same, of blocks of which the caller sees whether they are linked. What is answered is kept for the next
        call if other blocks have no answer."""
        known = {number: self._kept[number] for number in numbers if number in self._kept}
        asked = [number for number in numbers if number not in known]
        answers = await self._ask(hex(number) for number in asked)
        answered = [found for found in zip(asked, answers, strict=True) if isinstance(found[1], dict)]
        headers = _as_headers([answer for _, answer in answered])
        known |= {number: header for (number, _), header in zip(answered, headers, strict=True) if header is not None}
        self._kept = known
        _as_headers(answers)  # raises for the others
        self._kept = {}
        return [known[number] for number in numbers]

    async def numbered(self, numbers: Sequence[str]) -> list[Header]:
        """The same, of numbers in hex."""
        return [header for header in _as_headers(await self._ask(numbers)) if header is not None]

    async def _ask(self, numbers: Iterable[str]) -> list[Any]:
        calls = [("eth_getBlockByNumber", (number, False)) for number in numbers]
        return await self._rpc.batch(calls, timeout=BACKGROUND_TIMEOUT) if calls else []


def _as_headers(answers: Sequence[Any], *, missing: bool = False) -> list[Header | None]:
    """The answers as headers. Raises what the node refused, and UnknownBlockError for None unless `missing` is fine."""
    for answer in answers:
        if isinstance(answer, SteadymintError):
            raise answer
        if answer is None and not missing:
            raise UnknownBlockError
    try:
        return msgspec.convert(answers, list[Header | None])
    except msgspec.ValidationError:
        raise UpstreamUnavailableError("The chain's node answered with something that is no header") from None
