"""What a log does not say of its transaction and its accounts, and a node does. Nobody waits for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from eth_utils.address import is_hex_address

from steadymint.chain.nodes.errors import NodeRefusedError, NodeThrottledError
from steadymint.chain.nodes.rpc import BACKGROUND_TIMEOUT
from steadymint.domain.errors import SteadymintError
from steadymint.indexing.reading.block_logs import Rpc


class Question(NamedTuple):
    """Who sent a transaction, or whether an account has code now: a contract, a contract wallet, or an account that
    delegates to one (EIP-7702)."""

    of: Literal["transaction", "account"]
    key: str
    """The hash of the transaction, or the address of the account."""


Answer = str | bool | None | SteadymintError
"""The sender, or whether there is code. None: the node does not know or does not tell. An error: there is no answer."""

_CALLS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "transaction": ("eth_getTransactionByHash", ()),
    "account": ("eth_getCode", ("latest",)),
}


class Lookups:
    """Of one chain."""

    def __init__(self, rpc: Rpc) -> None:
        self._rpc = rpc

    async def ask(self, questions: Sequence[Question]) -> dict[Question, Answer]:
        """Ask an endpoint the first of these, as many as it has calls to spare: reading needs the others. What it
        throttles is left out, as if it was not asked.

        Raises:
            UpstreamUnavailableError: the endpoint throttles everything, or answers nothing, not even which chain it
                serves.
        """
        rpc, calls = await self._rpc.spare(len(questions))
        asked = questions[:calls]
        if not asked:
            return {}
        try:
            answers = await rpc.batch([_call(question) for question in asked], timeout=BACKGROUND_TIMEOUT)
        except NodeThrottledError:
            raise
        except SteadymintError as error:
            await rpc.raw("eth_chainId")  # where that has an answer, these calls are at fault and not the endpoint
            answers = [error] * len(asked)
        return {
            question: _meant(question, answer)
            for question, answer in zip(asked, answers, strict=True)
            if not isinstance(answer, NodeThrottledError)
        }


def _call(question: Question) -> tuple[str, Sequence[str]]:
    method, more = _CALLS[question.of]
    return method, (question.key, *more)


def _meant(question: Question, answer: Any) -> Answer:
    if isinstance(answer, SteadymintError):
        return None if isinstance(answer, NodeRefusedError) else answer
    if question.of == "account":
        return answer != "0x" if isinstance(answer, str) else None
    sender = answer.get("from") if isinstance(answer, dict) else None
    return sender.lower() if isinstance(sender, str) and is_hex_address(sender) else None
