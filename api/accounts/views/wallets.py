"""Turns wallet links, deeds and proofs into the bodies that their owner sees."""

from __future__ import annotations

from api.accounts.bodies.me import WalletBody
from api.accounts.bodies.wallets import WalletActivityBody, WalletVerificationBody
from api.http import shown
from steadymint.identity.wallets.reads import ActivityLine, OwnLink, Verification


def wallet_body(link: OwnLink) -> WalletBody:
    return {
        "address": shown.address(link.address),
        "chainId": link.chain_id,
        "type": link.type,  # type: ignore[typeddict-item]
        "isPrimary": link.is_primary,
        "label": link.label,
        "linkedAt": link.linked_at,
        "lastSeenAt": link.last_seen_at,
    }


def activity_body(line: ActivityLine) -> WalletActivityBody:
    return {
        "chainId": line.chain_id,
        "action": line.action,  # type: ignore[typeddict-item]
        "cause": line.cause,  # type: ignore[typeddict-item]
        "at": line.created_at,
        "ipAddress": line.ip_address,
        "userAgent": line.user_agent,
    }


def verification_body(proof: Verification) -> WalletVerificationBody:
    return {
        "chainId": proof.chain_id,
        "type": proof.kind,
        "status": proof.status,  # type: ignore[typeddict-item]
        "standard": proof.standard,
        "createdAt": proof.created_at,
        "verifiedAt": proof.verified_at,
    }
