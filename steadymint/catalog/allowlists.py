"""Published allowlists, by their roots. A list is its root, so nobody can publish a wrong one."""

from __future__ import annotations

from typing import Final

import asyncpg

from steadymint.domain.allowlists import AllowlistTree
from steadymint.domain.types import Bytes32

_PUBLISH: Final = """
insert into catalog_service.allowlists (root, nodes) values ($1, $2) on conflict (root) do nothing returning root"""
_FIND: Final = "select nodes from catalog_service.allowlists where root = $1"


class Allowlists:
    """Published allowlists. Share one per process."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def publish(self, tree: AllowlistTree) -> bool:
        """Keeps the tree. Whether it is new: publishing it again changes nothing."""
        return await self._pool.fetchval(_PUBLISH, tree.root, tree.nodes) is not None

    async def find(self, root: Bytes32) -> AllowlistTree | None:
        """The tree of that root; None if nobody has published it."""
        nodes = await self._pool.fetchval(_FIND, root)
        return None if nodes is None else AllowlistTree(nodes)
