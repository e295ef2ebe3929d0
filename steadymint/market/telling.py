"""Findings as they are told to whoever hands in or builds an order."""

from __future__ import annotations

from collections.abc import Iterable

from steadymint.chain.calls.missing_approvals import approval_request
from steadymint.domain.market.findings import Finding, MissingApproval
from steadymint.domain.market.intake import NeededApproval, OrderFinding
from steadymint.domain.types import Address, ChainId


def told(chain_id: ChainId, maker: Address, findings: Iterable[Finding]) -> tuple[OrderFinding, ...]:
    """The findings, with the transactions that give the maker's missing approvals."""
    return tuple(
        OrderFinding(
            code=finding.code,
            severity=finding.severity,
            message=finding.problem,
            what_to_do=finding.remedy,
            fault=finding.fault,
            approval=None if finding.approval is None else _approval(chain_id, maker, finding.approval),
        )
        for finding in findings
    )


def _approval(chain_id: ChainId, maker: Address, missing: MissingApproval) -> NeededApproval:
    return NeededApproval(
        kind=missing.kind,
        contract=missing.contract,
        spender=missing.spender,
        amount=missing.amount,
        tx_request=approval_request(chain_id, maker, missing),
    )
