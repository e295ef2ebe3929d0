"""The conditions that each candidate of a page of tokens must meet."""
# ruff: noqa: S608 - statements are composed of constants; the values of a caller are arguments

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from steadymint.catalog.reads.query import STILL_LISTED, account, raw
from steadymint.catalog.reads.token_filters import METHOD, SOURCE, Word
from steadymint.catalog.reads.token_scope import TokenScope
from steadymint.catalog.reads.token_sources import Source

_BURNED: Final = "CASE WHEN t.supply IS NULL THEN t.owner IS NULL ELSE t.supply <= 0 END"


class TokenTests:
    """The conditions of one page."""

    def __init__(self, scope: TokenScope) -> None:
        self._scope = scope

    def on(self, source: Source) -> Iterator[str]:
        """Conditions on the row `t` of a token, without those that the source guarantees. Each is a scalar subquery:
        Postgres runs it by key for each candidate, and cannot turn it into a join."""
        put, asked, facts = self._scope.args.put, self._scope.asked, self._scope.facts
        if not asked.spam:
            yield f"{self._flag('is_spam')} IS NOT TRUE"
        if asked.nsfw is not None:
            yield f"{self._flag('is_nsfw')} IS {'' if asked.nsfw else 'NOT '}TRUE"
        if asked.burned is not None:
            yield f"{_BURNED} = {put(asked.burned, 'boolean')}"
        # A source of listed tokens does not guarantee this, because a listing expires without a write.
        floor = f"SELECT true FROM catalog_service.token_floors f WHERE f.token_id = {{id}} AND {STILL_LISTED}"
        if asked.priced or self._scope.sort == "price":
            yield f"({floor.format(id=self._scope.id())}{self._scope.prices('f')})"
        if asked.listed is False:
            yield f"({floor.format(id=self._scope.id())}) IS NOT TRUE"
        if facts is None:
            return
        for group in facts.traits:
            if group.name not in source.answers:
                yield (
                    "(SELECT true FROM catalog_service.token_trait_links l WHERE l.token_id = "
                    f"{self._scope.id()} AND"
                    f" l.trait_id = {put(group.trait_id, 'uuid')}"
                    f" AND l.trait_value_id = ANY({put(list(group.value_ids), 'uuid[]')}) LIMIT 1)"
                )
        for wide in facts.wide:
            low, high = (f"{put(bound, 'numeric')}" for bound in (wide.bounds.low, wide.bounds.high))
            yield (
                "(SELECT true FROM catalog_service.token_trait_links l CROSS JOIN LATERAL (SELECT"
                " coalesce(v.value_number, v.value_epoch_seconds) AS value FROM catalog_service.trait_values v"
                f" WHERE v.id = l.trait_value_id LIMIT 1) v WHERE l.token_id = {self._scope.id()} AND l.trait_id ="
                f" {put(wide.trait_id, 'uuid')} AND v.value BETWEEN coalesce({low}, '-Infinity')"
                f" AND coalesce({high}, 'Infinity') LIMIT 1)"
            )
        if facts.words:
            yield from self._named_so(facts.words, source)
        if asked.owner is not None and "owner" not in source.answers:
            owner = put(asked.owner, "text")
            yield (
                f"(t.owner IS NOT DISTINCT FROM {account(owner)} AND t.owner IS NOT NULL OR t.supply IS NOT NULL AND"
                " (SELECT true FROM catalog_service.unit_balances b WHERE b.collection = t.collection"
                f" AND b.token_number = t.token_number AND b.owner = {raw(owner)} AND b.quantity > 0))"
            )
        if asked.ranked and "rank" not in source.answers:
            yield (
                f"(SELECT true FROM catalog_service.rarity_scores r WHERE r.token_id = {self._scope.id()}"
                f" AND r.method = '{METHOD}' AND r.source = '{SOURCE}'{self._scope.rank_bounds()})"
            )

    def _flag(self, flag: str) -> str:
        chain_id, contract = self._scope.name
        return (
            f"(SELECT f.{flag} FROM catalog_service.nft_flags f WHERE f.chain_id = {chain_id}"
            f" AND f.contract = {contract} AND f.token_id = t.token_number)"
        )

    def _named_so(self, words: tuple[Word, ...], source: Source) -> Iterator[str]:
        for word in words:
            if word.name not in source.answers:
                # folded words hold only letters and digits, so none is a pattern of LIKE
                pattern = f"% {word.text}%" if word.prefix else f"% {word.text} %"
                argument = self._scope.args.put(pattern, "text")
                yield f"' ' || catalog_service.folded(left(t.name, 512)) || ' ' LIKE {argument}"
