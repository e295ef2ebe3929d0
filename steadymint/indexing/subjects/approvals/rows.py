"""The statements on approvals and their history.

The approval of one ERC-721 token stands until the next word on it: another approval, one of nobody, or a transfer,
which has no event of approvals. So what a word ends is read from the word before it of the same token.
"""

# ruff: noqa: S608 - what is put into these statements are constants of our own

from __future__ import annotations

from typing import Final

from steadymint.domain.types import ZERO_ADDRESS

WRITE: Final = """
with said as (
    select * from unnest(
        $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::numeric[], $9::text[],
        $10::timestamptz[]
    ) s (place, owner, contract, operator, standard, approved, amount, tx_hash, at)
), logged as (
    insert into wallet_service.approvals_history
        (chain_id, place, owner, contract, operator, standard, approved, amount, tx_hash, at)
    select $1, place, owner, contract, operator, standard, approved, amount, tx_hash, at from said
    on conflict do nothing
)
insert into wallet_service.approvals as a
    (owner, chain_id, contract, operator, standard, approved, amount, tx_hash, place, approved_at, revoked_at,
     updated_at)
select distinct on (owner, contract, operator) owner, $1, contract, operator, standard, approved, amount, tx_hash,
    place, case when approved then at end, case when not approved then at end, at
from said order by owner, contract, operator, place desc
on conflict (owner, chain_id, contract, operator, token) do update set standard = excluded.standard,
    approved = excluded.approved, amount = excluded.amount, tx_hash = excluded.tx_hash, place = excluded.place,
    approved_at = excluded.approved_at, revoked_at = excluded.revoked_at, updated_at = excluded.updated_at"""

_ROW: Final = """
insert into wallet_service.approvals as a
    (owner, chain_id, contract, operator, token, standard, approved, tx_hash, place, approved_at, revoked_at,
     updated_at)
select distinct on (owner, contract, operator, token) owner, $1, contract, operator, token, 'erc721', approved, tx_hash,
    place, case when approved then at end, case when not approved then at end, at
from lines order by owner, contract, operator, token, place desc
on conflict (owner, chain_id, contract, operator, token) do update set approved = excluded.approved,
    tx_hash = excluded.tx_hash, place = excluded.place, approved_at = excluded.approved_at,
    revoked_at = excluded.revoked_at, updated_at = excluded.updated_at"""

_LOG: Final = """
    insert into wallet_service.approvals_history
        (chain_id, place, owner, contract, operator, token, standard, approved, cause, tx_hash, at)
    select $1, place, owner, contract, operator, token, 'erc721', approved, cause, tx_hash, at from lines
    on conflict do nothing"""

_GIVEN: Final = f"coalesce(operator, '{ZERO_ADDRESS}') <> '{ZERO_ADDRESS}'"

# `words` are those of a token in their order, `lines` what they come to.
_LINES: Final = f"""
lines as (
    select place, owner, contract, operator, token, true as approved, 'event' as cause, tx_hash, at
    from words where place >= 0 and {_GIVEN}
    union all
    select place, was_owner, contract, was_operator, token, false,
        case when operator is null then 'transfer' when {_GIVEN} then 'replaced' else 'event' end, tx_hash, at
    from words
    where place >= 0 and was_operator <> '{ZERO_ADDRESS}'
      and not ({_GIVEN} and operator = was_operator and owner = was_owner)
)"""
_IN_ORDER: Final = """
    select *, lag(owner) over w as was_owner, lag(operator) over w as was_operator
    from {source} window w as (partition by contract, token order by place)"""

_SAID: Final = """
said as (
    select * from unnest(
        $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[]
    ) s (place, owner, contract, operator, token, tx_hash, at)
)"""

WRITE_TOKENS: Final = f"""
with {_SAID}, stood as (
    select -1::bigint as place, a.owner::text, a.contract::text, a.operator::text, a.token, a.tx_hash::text,
        a.updated_at as at
    from (select distinct contract, token from said) k join wallet_service.approvals a
        on a.chain_id = $1 and a.contract = k.contract and a.token = k.token
    where a.token <> '' and a.approved
), words as ({_IN_ORDER.format(source="(select * from stood union all select * from said) s")}
), {_LINES}, logged as ({_LOG})
{_ROW}"""
"""Of a batch: what it says of tokens, and their transfers."""

WRITE_TOKENS_PLAINLY: Final = f"""
with {_SAID}, lines as (
    select *, operator <> '{ZERO_ADDRESS}' as approved, 'event' as cause from said
), logged as ({_LOG})
{_ROW.replace("from lines", "from lines where approved")}"""
"""Of a chain's first reading, in which nobody looks what stands: as it was said. The seal makes the rest of it."""

# -- the end of a first reading ----------------------------------------------------------------------------------------

ANY_TOKENS: Final = """
select exists (select from wallet_service.approvals where chain_id = $1 and token <> '')"""

SEAL_TOKENS: Final = f"""
with granted as (
    select distinct contract, token from wallet_service.approvals where chain_id = $1 and token <> ''
), said as (
    select h.place, h.owner::text, h.contract::text, h.operator::text, h.token, h.tx_hash::text, h.at
    from wallet_service.approvals_history h where h.chain_id = $1 and h.token <> ''
    union all
    select m.place, '', g.contract, null, g.token, '0x' || encode(m.tx, 'hex'),
        timestamptz '2000-01-01Z' + m.at * interval '1 second'
    from granted g
    join catalog_service.collections c on c.chain_id = $1 and c.contract_address = g.contract
    join {{movements}} m on m.collection = c.no and m.token_number = g.token::numeric
), words as ({_IN_ORDER.format(source="said")}
), {_LINES}, logged as ({_LOG})
{_ROW}"""

FORGET_PLAIN: Final = f"""
delete from wallet_service.approvals_history where chain_id = $1 and token <> '' and operator = '{ZERO_ADDRESS}'"""

# -- back --------------------------------------------------------------------------------------------------------------

UNDO: Final = f"""
with undone as (
    delete from wallet_service.approvals_history where chain_id = $1 and place >= $2
    returning owner, contract, operator, token
)
select distinct owner, contract, operator, token from undone
where token = '' or operator <> '{ZERO_ADDRESS}' order by 1, 2, 3, 4"""
CLEAR: Final = """
delete from wallet_service.approvals a
using unnest($2::text[], $3::text[], $4::text[], $5::text[]) k (owner, contract, operator, token)
where a.chain_id = $1 and a.owner = k.owner and a.contract = k.contract and a.operator = k.operator
  and a.token = k.token"""
RESTORE: Final = """
insert into wallet_service.approvals
    (owner, chain_id, contract, operator, token, standard, approved, amount, tx_hash, place, approved_at, revoked_at,
     updated_at)
select k.owner, $1, k.contract, k.operator, k.token, h.standard, h.approved, h.amount, h.tx_hash, h.place,
    case when h.approved then h.at end, case when not h.approved then h.at end, h.at
from unnest($2::text[], $3::text[], $4::text[], $5::text[]) k (owner, contract, operator, token)
cross join lateral (
    select * from wallet_service.approvals_history h
    where h.chain_id = $1 and h.owner = k.owner and h.contract = k.contract and h.operator = k.operator
      and h.token = k.token
    order by h.place desc limit 1
) h"""

# -- which contracts ---------------------------------------------------------------------------------------------------

# One step along the index for each contract.
CONTRACTS: Final = """
with recursive found (contract) as (
    (select contract from wallet_service.approvals where chain_id = $1 and token <> '' order by contract limit 1)
    union all
    select (
        select a.contract from wallet_service.approvals a
        where a.chain_id = $1 and a.token <> '' and a.contract > f.contract order by a.contract limit 1
    ) from found f where f.contract is not null
)
select contract from found where contract is not null"""
"""Those with an approval of a single token, which stands or has ended."""
