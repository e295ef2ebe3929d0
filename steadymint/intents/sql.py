"""The statements on `tx_intents` and `intent_steps`. Each changes an intent and its log together.

Every write is one statement, so it is one transaction and one round trip. A line of the log is built by the same
expression as the view of a row, so the two cannot differ.
"""

# ruff: noqa: S608 - the statements are put together from constants of this module only

from __future__ import annotations

from typing import Final


def _missed(row: str) -> str:
    """The orders that were asked for and are not done: those that were gone before, and, once there are effects, those
    that are not among them. Null if there is none."""
    done = f"array(select jsonb_array_elements_text({row}.effects -> 'orderHashes'))"
    return f"""case when {row}.foreseen ? 'orderHashes' then nullif(
        coalesce({row}.foreseen -> 'missedOrderHashes', '[]')
        || case when {row}.effects ? 'orderHashes' then ({row}.foreseen -> 'orderHashes') - {done} else '[]' end,
        '[]') end"""


def _snapshot(row: str, *, step: str = "", status: str = "", confirmations: str = "null") -> str:
    """The intent's view as jsonb, from a row of tx_intents. Rendering (EIP-55, times) is done in Python, once for all.

    `confirmations` is SQL for the number counted when the step is taken; in the final steps it is the required one.
    """
    step, status = step or f"{row}.step", status or f"{row}.status"
    return f"""jsonb_strip_nulls(jsonb_build_object(
        'intentId', {row}.intent_id, 'kind', {row}.kind, 'status', {status}, 'step', {step},
        'chainId', {row}.chain_id, 'txHash', {row}.tx_hash, 'contract', {row}.contract,
        'tokenIds', ({row}.foreseen || coalesce({row}.effects, '{{}}')) -> 'tokenIds',
        'orderHashes', ({row}.foreseen || coalesce({row}.effects, '{{}}')) -> 'orderHashes',
        'missedOrderHashes', {_missed(row)}, 'fills', {row}.effects -> 'fills',
        'confirmations', case {step}
            when 'confirming' then least(greatest(coalesce({confirmations}, 1), 1), {row}.required_confirmations)
            when 'indexed' then {row}.required_confirmations
            when 'ready' then {row}.required_confirmations end,
        'requiredConfirmations', {row}.required_confirmations, 'error', {row}.error,
        'deadlineAt', {row}.deadline_at, 'createdAt', {row}.created_at, 'updatedAt', {row}.updated_at,
        'workflowId', {row}.workflow_id))"""


# Milliseconds, as times are shown. The time never goes backwards, even if the clock does.
_NOW: Final = "date_trunc('milliseconds', clock_timestamp())"
_LATER: Final = f"greatest(i.updated_at, {_NOW})"

_COLUMNS: Final = f"""i.intent_id, i.kind, i.chain_id, i.created_by, i.step, i.status, i.seq, i.account, i.contract,
    i.tx_hash, i.tx_nonce, i.block_number, i.block_hash, i.required_confirmations, i.request_hash, i.tx_request,
    i.match_key, i.facts, i.deadline_at, i.created_at, i.workflow_id, i.auth_session_id, i.idempotency_key,
    {_snapshot("i")} as view"""

GET: Final = f"select {_COLUMNS} from orchestrator_service.tx_intents i where i.intent_id = $1"
GET_OWNED: Final = f"{GET} and i.created_by = $2"
REQUEST_OF: Final = """
select req_payload_json from orchestrator_service.tx_intents where intent_id = $1 and created_by = $2"""
LIST_OWNED: Final = f"""
select {_COLUMNS} from orchestrator_service.tx_intents i
where i.created_by = $1 and ($2::text is null or i.kind = $2) and ($3::text is null or i.status = $3)
  and (i.created_at, i.intent_id) < ($4, $5)
order by i.created_at desc, i.intent_id desc limit $6"""

CREATE: Final = f"""
with made as (
    insert into orchestrator_service.tx_intents as i (
        intent_id, kind, chain_id, contract, status, step, seq, match_key, facts, foreseen, created_by,
        auth_session_id, account, req_payload_json, request_hash, idempotency_key, tx_request,
        required_confirmations, workflow_id, deadline_at, created_at, updated_at)
    select $1, $2::text, $3, $4, 'pending', 'prepared', 1, $5, $6, $7, $8,
        $9::text, $10, $11, $12, $13, $14, $15, $16, $17, t.now, t.now
    from (select {_NOW} as now) t
    on conflict do nothing -- of whichever unique index is first: the id is made from the idempotency key
    returning i.*
), logged as (
    insert into orchestrator_service.intent_steps (intent_id, seq, step, dedupe_key, view, at)
    select i.intent_id, i.seq, i.step, 'prepared', {_snapshot("i")}, i.updated_at from made i
), audited as (
    insert into orchestrator_service.session_intent_audit (session_id, intent_id, user_id, audit_data)
    select $9, i.intent_id, i.created_by, jsonb_build_object('action', 'prepared', 'kind', i.kind) from made i
)
select {_COLUMNS} from made i"""

# A retry finds its own line in `prior` and writes nothing. A step that leaves a block clears the block and the effects.
# Back at `prepared` the intent is bound to no hash. The nonce is that of its hash.
# An error is kept only while the intent is at the step that set it.
TRANSITION: Final = f"""
with prior as materialized (
    select seq, view from orchestrator_service.intent_steps where intent_id = $1 and dedupe_key = $2
), moved as (
    update orchestrator_service.tx_intents i set
        step = $3, status = $4, seq = i.seq + 1,
        tx_hash = case when $3 <> 'prepared' then coalesce($7, i.tx_hash) end,
        tx_nonce = coalesce($8, case when $3 <> 'prepared' and coalesce($7, i.tx_hash) = i.tx_hash then i.tx_nonce end),
        block_number = case when $6 then null else coalesce($9, i.block_number) end,
        block_hash = case when $6 then null else coalesce($10, i.block_hash) end,
        effects = case when $6 then null else coalesce($14, i.effects) end,
        error = $11,
        updated_at = {_LATER}
    where i.intent_id = $1 and i.step = any($5::text[]) and not exists (select from prior)
      and ($13::text is null or i.tx_hash = $13)
    returning i.*
), logged as (
    insert into orchestrator_service.intent_steps (intent_id, seq, step, dedupe_key, view, at)
    select i.intent_id, i.seq, i.step, $2, {_snapshot("i", confirmations="$12::int")}, i.updated_at from moved i
    returning seq, view
)
select seq, view, true as fresh, true as latest from logged
union all
select p.seq, p.view, false, p.seq = i.seq from prior p, orchestrator_service.tx_intents i where i.intent_id = $1"""

EXTEND: Final = "update orchestrator_service.tx_intents set deadline_at = $2 where intent_id = $1"

PRIOR: Final = """
select s.seq, s.view, s.seq = i.seq as latest
from orchestrator_service.intent_steps s join orchestrator_service.tx_intents i using (intent_id)
where s.intent_id = $1 and s.dedupe_key = $2"""

# The intents that the sightings are about, locked in one order so that two callers cannot deadlock. An intent and a
# sighting agree if their keys and facts are equal. A sighting of a kind that may be shown in part comes with the intent
# that it is for (`steadymint.intents.pairing`); its facts must be among those of the intent.
#
# Two sightings may be about one intent (the same calldata sent twice), and where the key is made of facts one sighting
# may agree with several intents. So pairs that already belong together by block or transaction come first. The others
# are paired in order: open intents, oldest first, with sightings in the order of the chain.
_MATCHED: Final = """
sighted as materialized (
    select * from jsonb_to_recordset($1) as s (
        ord int, match_key text, kind text, chain_id text, facts jsonb, effects jsonb, tx_hash text,
        block_number bigint, block_hash text, intent_id uuid)
), agreed as materialized (
    select i.intent_id, i.step, i.status, i.created_at, i.tx_hash is null as untracked,
        i.block_hash = s.block_hash as same_block, i.tx_hash = s.tx_hash as same_tx, s.intent_id is not null as meant,
        s.ord
    from sighted s join orchestrator_service.tx_intents i
        on i.match_key = s.match_key and i.chain_id = s.chain_id and i.kind = s.kind
        and case when s.intent_id is null then i.facts = s.facts
            else i.intent_id = s.intent_id and i.facts @> s.facts end
), own as materialized (
    select distinct on (intent_id) intent_id, ord from agreed where same_block or same_tx or meant
    order by intent_id, same_block desc nulls last, same_tx desc nulls last, ord
), free_intents as (
    select a.intent_id, s.match_key, s.facts, row_number() over (
        partition by s.match_key, s.facts
        order by a.status = 'pending' desc, a.untracked desc, a.created_at, a.intent_id) as nth
    from (select distinct on (intent_id) * from agreed order by intent_id, ord) a join sighted s using (ord)
    where a.step = any($2::text[] || 'reorged'::text) and not exists (select from own o where o.intent_id = a.intent_id)
), free_sightings as (
    select s.ord, s.match_key, s.facts, row_number() over (partition by s.match_key, s.facts order by s.ord) as nth
    from sighted s where not exists (select from own o where o.ord = s.ord)
), matched as materialized (
    select o.intent_id, o.ord from own o
    union all
    select i.intent_id, f.ord from free_intents i join free_sightings f using (match_key, facts, nth)
), locked as materialized (
    select i.intent_id, i.step as previous, i.tx_hash as previous_hash, i.block_hash as previous_block,
        i.seq as previous_seq, s.chain_id, s.kind, s.tx_hash, s.block_number, s.block_hash, s.effects
    from orchestrator_service.tx_intents i join matched m using (intent_id) join sighted s using (ord)
    order by i.intent_id for update of i
)"""

ASKING_FOR: Final = """
select i.intent_id, i.match_key, i.kind, i.chain_id, i.step, i.status, i.created_at, i.tx_hash, i.block_hash,
    i.facts -> s.part as names
from (
    select match_key, kind, chain_id, part, array_agg(distinct name) as names
    from jsonb_to_recordset($1) as r (match_key text, kind text, chain_id text, part text, names jsonb),
        jsonb_array_elements_text(r.names) as name
    group by match_key, kind, chain_id, part
) s join orchestrator_service.tx_intents i
    on i.match_key = s.match_key and i.chain_id = s.chain_id and i.kind = s.kind and i.facts -> s.part ?| s.names"""

_TOLD: Final = (
    """i.intent_id, i.kind, i.chain_id, i.match_key, i.workflow_id, i.created_by, i.account, i.request_hash"""
)

# The steps between the present one and `ready`. The flow may not have written them, because the block came first or the
# worker was restarting. They are written here, so that no log lacks a step.
_WAY_TO_READY: Final = """case
        when previous = 'prepared' or (previous = 'expired' and previous_hash is null)
            then array['tracked', 'confirming', 'indexed', 'ready']
        when previous = 'confirming' then array['indexed', 'ready']
        else array['confirming', 'indexed', 'ready'] end"""

_SETTLED_STATUS: Final = "case w.step when 'ready' then 'ready' else 'pending' end"

SETTLE: Final = f"""
with {_MATCHED}, moved as (
    update orchestrator_service.tx_intents i set
        step = 'ready', status = 'ready', seq = i.seq + cardinality(l.way),
        -- One transaction may fulfil several intents (a multicall), yet belongs to at most one of each kind.
        tx_hash = case when l.nth = 1 and not exists (
                select from orchestrator_service.tx_intents o
                where o.chain_id = l.chain_id and o.tx_hash = l.tx_hash and o.kind = l.kind
                  and o.intent_id <> l.intent_id)
            then l.tx_hash end,
        block_number = l.block_number, block_hash = l.block_hash,
        effects = l.effects,
        error = null, updated_at = {_LATER}
    from (select *, {_WAY_TO_READY} as way, row_number() over (
              partition by chain_id, kind, tx_hash order by (previous_hash = tx_hash) desc nulls last, intent_id) as nth
          from locked) l
    where i.intent_id = l.intent_id and l.previous = any($2::text[])
    returning i.*, l.previous, l.previous_hash, l.tx_hash as landed_hash, l.way
), logged as (
    insert into orchestrator_service.intent_steps (intent_id, seq, step, dedupe_key, view, at)
    select i.intent_id, w.seq, w.step, 'settle:' || w.seq,
        {_snapshot("i", step="w.step", status=_SETTLED_STATUS)}, i.updated_at
    from moved i, lateral (
        select i.seq - cardinality(i.way) + nth as seq, step from unnest(i.way) with ordinality as u (step, nth)) w
    returning intent_id, seq, view
), written as (
    select intent_id, jsonb_agg(view order by seq) as views from logged group by intent_id
)
select {_TOLD}, i.previous, i.previous_hash,
    i.landed_hash as tx_hash, i.seq, true as fresh, w.views, null as view -- the last of `views`
from moved i join written w using (intent_id)
union all
select {_TOLD}, s.step, s.view ->> 'txHash', l.tx_hash, i.seq, false, null,
    {_snapshot("i")}
from locked l join orchestrator_service.tx_intents i using (intent_id)
cross join lateral (
    select s.step, s.view from orchestrator_service.intent_steps s
    where s.intent_id = l.intent_id and s.dedupe_key not like 'settle:%' order by s.seq desc limit 1) s
where l.previous = 'ready' and l.previous_block = l.block_hash"""

ORPHAN: Final = f"""
with {_MATCHED}, moved as (
    update orchestrator_service.tx_intents i set
        step = 'reorged', status = 'pending', seq = i.seq + 1, block_number = null, block_hash = null,
        effects = null,
        error = null, updated_at = {_LATER}
    from locked l
    where i.intent_id = l.intent_id and l.previous_block = l.block_hash and l.previous = any($2::text[])
    returning i.*, l.previous, l.previous_hash, l.tx_hash as landed_hash
), logged as (
    insert into orchestrator_service.intent_steps (intent_id, seq, step, dedupe_key, view, at)
    select i.intent_id, i.seq, i.step, 'orphan:' || i.seq, {_snapshot("i")}, i.updated_at from moved i
)
select {_TOLD}, i.previous, i.previous_hash,
    i.landed_hash as tx_hash, i.seq, true as fresh, jsonb_build_array({_snapshot("i")}) as views, null as view
from moved i
union all
select {_TOLD}, s.step, s.view ->> 'txHash', l.tx_hash, i.seq, false, null,
    {_snapshot("i")}
from locked l join orchestrator_service.tx_intents i using (intent_id)
join orchestrator_service.intent_steps s on s.intent_id = l.intent_id and s.seq = l.previous_seq - 1
where l.previous = 'reorged'"""

FINAL_OF: Final = f"""
select i.intent_id, {_snapshot("i")} as view from orchestrator_service.tx_intents i
where i.intent_id = any($1::uuid[]) and i.status <> 'pending'"""

STEPS_AFTER_MANY: Final = """
select s.intent_id, s.seq, s.view
from unnest($1::uuid[], $2::int[]) as w (intent_id, seq)
join orchestrator_service.intent_steps s on s.intent_id = w.intent_id and s.seq > w.seq
order by s.intent_id, s.seq"""
