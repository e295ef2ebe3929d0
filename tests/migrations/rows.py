"""One good row of every table, in an order that satisfies the foreign keys, for tests to spoil one value at a time."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

NOW = datetime(2030, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
CHAIN = "eip155:31337"
ALICE, BOB = "0x" + "a1" * 20, "0x" + "b0" * 20
CONTRACT = "0x" + "c0" * 20
HASH, OTHER_HASH = "0x" + "11" * 32, "0x" + "22" * 32
SHA = "ab" * 32
USER, OTHER_USER = UUID(int=1), UUID(int=2)
SESSION, WALLET, INTENT = UUID(int=3), UUID(int=4), UUID(int=5)
COLLECTION, TRAIT, VALUE = UUID(int=6), UUID(int=8), UUID(int=9)
TOKEN = UUID(hashlib.md5(f"{CHAIN}:{CONTRACT}:1".encode(), usedforsecurity=False).hexdigest())
MARKETPLACE, ORDER, COIN = UUID(int=10), UUID(int=11), UUID(int=12)

ITEM = {"chain_id": CHAIN, "contract": CONTRACT, "token_id": 1}
PRICE = {
    "price_amount": 10**18,
    "price_native": 1,
    "price_native_text": "1",
    "currency_symbol": "ETH",
    "is_native": True,
}

ROWS: dict[str, dict[str, Any]] = {
    "auth_service.auth_nonces": {
        "nonce": "0f" * 16, "account_id": ALICE, "domain": "market.example", "chain_id": CHAIN,
        "issued_at": NOW, "expires_at": LATER, "consumed_at": NOW, "consumed_by": UUID(int=20),
    },
    "auth_service.sessions": {
        "session_id": SESSION, "user_id": USER, "family_id": SESSION, "nonce_hash": SHA, "address": ALICE,
        "chain_id": CHAIN, "account_type": "eoa", "generation": 0, "created_at": NOW, "expires_at": LATER,
        "absolute_expires_at": LATER, "revoked_at": NOW, "revoked_reason": "logout", "refresh_hash": SHA,
    },
    "auth_service.refresh_tokens": {
        "hash": SHA, "session_id": SESSION, "generation": 0, "issued_at": NOW, "expires_at": LATER,
        "used_at": NOW, "replaced_by": "next",
    },
    "auth_service.login_events": {
        "attempt_id": UUID(int=21), "user_id": USER, "account_id": ALICE, "chain_id": CHAIN, "ip": "2001:db8::1",
        "nonce_hash": SHA, "result": "success",
    },
    "user_service.users": {"user_id": USER, "status": "active"},
    "user_service.usernames": {"skeleton": "rnlnto", "username": "Mint0", "user_id": USER},
    "user_service.user_follows": {"follower_id": USER, "following_id": OTHER_USER},
    "user_service.user_blocks": {"blocker_id": USER, "blocked_id": OTHER_USER},
    "user_service.deletions": {
        "user_id": USER, "asked_at": NOW, "due_at": LATER, "begun_at": LATER, "erased_at": LATER,
    },
    "user_service.exports": {
        "export_id": UUID(int=22), "user_id": USER, "ready_at": NOW, "expires_at": LATER, "bytes": 100,
    },
    "wallet_service.wallet_links": {
        "wallet_id": WALLET, "user_id": USER, "address": ALICE, "chain_id": CHAIN, "is_primary": True, "type": "eoa",
    },
    "wallet_service.wallet_activity": {"wallet_id": WALLET, "action": "linked"},
    "wallet_service.wallet_verifications": {
        "wallet_id": WALLET, "verification_type": "signature", "status": "verified", "verified_at": NOW,
    },
    "wallet_service.approvals": {
        "owner": ALICE, "chain_id": CHAIN, "contract": CONTRACT, "operator": BOB, "standard": "erc20",
        "approved": True, "amount": 5, "tx_hash": HASH, "place": 1, "approved_at": NOW, "updated_at": NOW,
    },
    "wallet_service.approvals_history": {
        "chain_id": CHAIN, "place": 1, "owner": ALICE, "contract": CONTRACT, "operator": BOB, "standard": "erc20",
        "approved": True, "amount": 5, "tx_hash": HASH, "at": NOW,
    },
    "chain_registry_service.chains": {
        "id": 1, "caip2": CHAIN, "chain_numeric": 31337, "name": "Local", "native_symbol": "ETH", "decimals": 18,
        "features_json": {"confirmations": 2}, "genesis_hash": HASH,
    },
    "chain_registry_service.chain_endpoints": {
        "chain_id": 1, "url": "https://rpc.example", "ws_url": "wss://rpc.example", "priority": 1, "weight": 1,
        "auth_type": "bearer", "secret_ref": "RPC_TOKEN", "rate_limit": 50,
    },
    "chain_registry_service.abi_blobs": {"sha256": SHA, "standard": "custom", "abi_json": [], "s3_key": None},
    "chain_registry_service.chain_contracts": {
        "chain_id": 1, "name": "factory", "address": CONTRACT, "start_block": 0, "abi_sha256": SHA,
    },
    "chain_registry_service.chain_gas_policy": {
        "chain_id": 1, "max_fee_gwei": 30, "priority_fee_gwei": 1, "multiplier": 1, "last_observed_base_fee_gwei": 7,
    },
    "chain_registry_service.registry_version": {"caip2": "eip155:1", "version": 1},
    "orchestrator_service.tx_intents": {
        "intent_id": INTENT, "kind": "mint", "chain_id": CHAIN, "account": ALICE, "created_by": USER,
        "status": "pending", "step": "prepared", "seq": 0, "match_key": HASH,
        "facts": {}, "foreseen": {}, "effects": {"tokenIds": ["1"]}, "tx_hash": HASH, "tx_nonce": 0,
        "block_number": 1, "required_confirmations": 2, "error": {}, "request_hash": SHA,
        "idempotency_key": "key", "workflow_id": f"mint:{INTENT}", "deadline_at": LATER, "created_at": NOW,
    },
    "orchestrator_service.intent_steps": {
        "intent_id": INTENT, "seq": 1, "step": "prepared", "dedupe_key": "prepared", "view": {},
    },
    "orchestrator_service.session_intent_audit": {"session_id": "s", "intent_id": INTENT, "user_id": USER},
    "indexer_service.indexer_checkpoints": {
        "chain_id": CHAIN, "last_block": -1, "published_block": -1, "head_block": -1, "counters": {},
    },
    "indexer_service.recent_blocks": {
        "chain_id": CHAIN, "number": 0, "hash": HASH, "parent_hash": OTHER_HASH, "timestamp": NOW,
    },
    "indexer_service.intent_sightings": {
        "chain_id": CHAIN, "block_number": 0, "log_index": 0, "block_hash": HASH, "tx_hash": HASH, "match_key": HASH,
        "kind": "mint", "facts": {"contract": CONTRACT}, "effects": {"tokenIds": ["1"]}, "status": "landed",
    },
    "catalog_service.chain_numbers": {"no": 1, "chain_id": CHAIN, "symbol": "ETH"},
    "catalog_service.accounts": {"no": 1, "address": bytes.fromhex(ALICE[2:])},
    "catalog_service.collections": {
        "no": 1, "id": COLLECTION, "slug": "drops-1", "name": "Drops", "chain_id": CHAIN, "contract_address": CONTRACT,
        "standard": "erc721", "source": "factory", "creator": ALICE, "royalty_bps": 500, "max_supply": 10,
        "total_supply": 1, "mint_limit_per_wallet": 1, "floor_price": 1, "status": "active",
        "index_status": "synced", "incarnation": 1, "created_at": NOW, "updated_at": NOW,
    },
    "catalog_service.collection_bindings": {
        "id": UUID(int=30), "collection_id": COLLECTION, "chain_id": CHAIN, "family": "evm",
        "token_standard": "erc721", "contract_address": CONTRACT,
    },
    "catalog_service.collection_roles": {
        "chain_id": CHAIN, "address": CONTRACT, "role": "MINTER_ROLE", "account": ALICE, "granted_at": NOW,
    },
    "catalog_service.allowlists": {"root": HASH, "nodes": bytes(96), "published_by": USER},
    "catalog_service.collection_mint_config": {
        "collection_id": COLLECTION, "price": 1, "limit_per_wallet": 1, "end_seconds": 2**64 - 1, "block_number": 1,
        "updated_at": NOW,
    },
    "catalog_service.collection_events": {
        "chain_id": CHAIN, "block_number": 0, "log_index": 0, "tx_hash": HASH, "contract": CONTRACT, "name": "Paused",
        "args": {}, "at": NOW,
    },
    "catalog_service.collection_stats": {"collection_id": COLLECTION, "last_updated_at": NOW},
    "catalog_service.sync_state": {"collection_id": COLLECTION, "source": "import"},
    "catalog_service.processed_events": {
        "event_id": f"{CHAIN}:{HASH}:0", "event_version": 1, "chain_id": CHAIN, "block_number": 1,
    },
    "catalog_service.items": {
        "chain": 1, "collection": 1, "owner": 1, "updated_at": 0, "last_place": 0, "token_number": 1,
    },
    "catalog_service.token_words": {"collection_id": COLLECTION, "word": "sunset", "token_number": 1},
    "catalog_service.collection_words": {"collection_id": COLLECTION, "word": "sunset"},
    "catalog_service.unit_balances": {
        "collection": 1, "token_number": 1, "owner": bytes(20), "quantity": 1, "updated_at": 0,
    },
    "catalog_service.movements": {
        "chain": 1, "kind": 0, "at": 0, "place": 1 << 24, "collection": 1, "sender": 0, "recipient": 1,
        "tx": bytes(32), "token_number": 1,
    },
    "catalog_service.suspicions": {
        "chain": 1, "collection": 1, "place": 1 << 24, "batch": 0, "reason": 1, "tx": bytes(32),
    },
    "catalog_service.holders": {
        "chain": 1, "collection": 1, "owner": 1, "updated_at": 0, "quantity": 1,
    },
    "catalog_service.metadata_queue": {"subject_id": TOKEN, "collection_id": COLLECTION, "reason": "mint"},
    "catalog_service.nft_flags": {**ITEM, "is_spam": True},
    "catalog_service.traits": {
        "id": TRAIT, "collection_id": COLLECTION, "name": "Hat", "normalized_name": "hat", "value_type": "string",
    },
    "catalog_service.trait_values": {
        "id": VALUE, "trait_id": TRAIT, "value_type": "string", "value_string": "Red", "normalized_value": "red",
    },
    "catalog_service.token_trait_links": {
        "token_id": TOKEN, "trait_id": TRAIT, "trait_value_id": VALUE, "token_number": 1,
    },
    "catalog_service.token_rarity": {"token_id": TOKEN, "rarity_score_product": 0.5},
    "catalog_service.rarity_scores": {
        "token_id": TOKEN, "collection_id": COLLECTION, "method": "openrarity", "score": 1.5, "rank": 1,
        "token_number": 1,
    },
    "catalog_service.trait_value_floor": {"trait_value_id": VALUE, "floor_price_native": 1},
    "catalog_service.token_floors": {
        "token_id": TOKEN, "collection_id": COLLECTION, "price_native": 1, "currency_symbol": "ETH",
        "listing_id": UUID(int=32), "listed_at": NOW, "token_number": 1,
    },
    "catalog_service.collection_volume_hours": {"collection_id": COLLECTION, "hour": NOW - timedelta(days=1)},
    "catalog_service.account_stats": {"account": ALICE, "chain_id": "eip155:1"},
    "catalog_service.marketplaces": {"id": MARKETPLACE, "slug": "elsewhere", "name": "Elsewhere"},
    "catalog_service.token_sets": {"chain_id": CHAIN, "contract": CONTRACT, "root": HASH, "tokens_count": 1},
    "catalog_service.token_set_members": {"set_no": 1, "token_number": 1},
    "catalog_service.orders": {
        "id": ORDER, "order_hash": HASH, "token_id": TOKEN, "token_number": 1, "chain_id": CHAIN, "contract": CONTRACT,
        "collection_id": COLLECTION, "side": "listing",
        "maker": ALICE, "quantity": 2, "quantity_filled": 1, **PRICE, "token_standard": "erc1155",
        "in_parts": True, "marketplace_id": MARKETPLACE, "fee_bps": 0, "royalty_bps": 0, "seaport": BOB, "counter": 0,
        "salt": 0, "start_at": NOW, "end_at": LATER, "components": {}, "signature": b"",
    },
    "catalog_service.order_events": {
        "seq": 1, "chain_id": CHAIN, "order_id": ORDER, "status": "active", "reasons": [], "quantity_filled": 0,
        "fillable": 1, "price_amount": 1,
    },
    "catalog_service.last_order_event": {"seq": 1},
    "catalog_service.order_fills": {
        "id": UUID(int=33), "order_id": ORDER, "order_hash": HASH, "chain_id": CHAIN, "place": 1, "maker": ALICE,
        "taker": BOB, "quantity": 1, "tx_hash": HASH, "price_native": 1, "filled_at": NOW,
    },
    "catalog_service.order_cancels": {
        "chain_id": CHAIN, "place": 1, "order_id": ORDER, "order_hash": HASH, "maker": ALICE, "tx_hash": HASH,
    },
    "catalog_service.order_validations": {
        "chain_id": CHAIN, "place": 1, "order_id": ORDER, "order_hash": HASH, "components": {}, "tx_hash": HASH,
    },
    "catalog_service.counter_increments": {
        "chain_id": CHAIN, "place": 1, "maker": ALICE, "counter": 1, "tx_hash": HASH,
    },
    "catalog_service.order_causes": {
        "chain_id": CHAIN, "cause": "approval", "account": ALICE, "contract": CONTRACT, "block": 1,
    },
    "catalog_service.order_turns": {"chain_id": CHAIN, "turn": 1},
    "catalog_service.sales": {
        "id": UUID(int=34), "chain_id": CHAIN, "tx_hash": HASH, "contract": CONTRACT, "token_number": 1,
        "seller_address": ALICE, "buyer_address": BOB, "token_id": TOKEN, "collection_id": COLLECTION,
        "marketplace_id": MARKETPLACE, "quantity": 1, **PRICE, "proceeds_amount": 10**18, "fees_amount": 0,
        "royalty_amount": 0, "place": 1, "occurred_at": NOW,
    },
    "token_service.fungible_tokens": {
        "id": COIN, "name": "Coin", "symbol": "COIN", "supply": 10, "decimals": 8, "cap": 20, "creator_id": USER,
        "creator_address": "ckb1", "network_id": "testnet", "contract_address": "ckb2", "tx_hash": "0x1", "place": 1,
        "status": "confirmed",
    },
    "token_service.transactions": {
        "network_id": "testnet", "place": 1, "token_id": COIN, "tx_hash": "0x1", "tx_type": "mint",
        "to_address": "ckb1", "amount": 10, "occurred_at": NOW,
    },
    "token_service.issuance_pairs": {
        "token_id": COIN, "commitment": SHA, "btc_txid": SHA, "psbt": "cHNidP8=", "ckb_tx_hash": HASH,
        "ckb_transaction": {},
    },
    "token_service.fungible_holders": {"token_id": COIN, "address": "ckb1", "balance": 10},
    "audit_service.security_events": {"event_type": "login.failed", "description": "x", "severity": "warning"},
    "audit_service.settings": {"key": "mint.paused", "value": "false"},
    "audit_service.settings_history": {
        "key": "mint.paused", "new_value": "true", "changed_by": "alice", "reason": "an attack",
    },
    "event_service.outbox": {
        "event_id": UUID(int=21), "stream": "mints.events", "type": "minted", "occurred_at": NOW, "payload": {},
        "position": 1, "positioned_at": NOW,
    },
    "event_service.last_position": {"position": 1, "positioned_at": NOW},
    "event_service.consumers": {"name": "redis-streams", "position": 1},
    "event_service.sources": {"name": "orders", "position": 1},
    "event_service.webhooks": {
        "webhook_id": UUID(int=51), "user_id": USER, "url": "https://a.example/", "description": "x",
        "secret": b"s", "previous_secret": b"p", "previous_until": NOW, "last_seq": 1,
        "request_key": SHA, "request_hash": SHA,
    },
    "event_service.webhook_events": {
        "event_id": UUID(int=21), "name": "mints.events minted", "occurred_at": NOW, "payload": {},
    },
    "event_service.webhook_deliveries": {
        "webhook_id": UUID(int=51), "seq": 1, "event_id": UUID(int=21), "subject": "x",
    },
}  # fmt: skip

COMPANIONS = {
    "user_service.profiles": {"username": "alice", "bio": "hi", "socials_json": {}},
    "user_service.user_preferences": {"theme": "dark", "privacy_level": "private", "currency": "EUR"},
    "user_service.user_stats": {"items_count": 1, "volume_sold": 1},
}
"""Tables whose rows come with a user, by trigger."""


async def insert(connection: asyncpg.Connection, table: str, row: dict[str, Any]) -> None:
    columns = ", ".join(row)
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    await connection.execute(f"insert into {table} ({columns}) values ({places})", *row.values())


async def fill(connection: asyncpg.Connection) -> None:
    """One good row in every table."""
    await insert(connection, "user_service.users", {"user_id": OTHER_USER})
    await connection.execute(
        "select catalog_service.make_chain_tables(1::smallint), catalog_service.attach_chain_tables(1::smallint)"
    )
    for table, row in ROWS.items():
        await insert(connection, table, row)
    for table, row in COMPANIONS.items():
        assignments = ", ".join(f"{column} = ${number}" for number, column in enumerate(row, 2))
        await connection.execute(f"update {table} set {assignments} where user_id = $1", USER, *row.values())
