"""A client of Seaport that knows nothing of us: OpenSea's library for JavaScript, in a process of its own."""

from __future__ import annotations

from pathlib import Path

from steadymint.demo.node_program import NodeProgram


class ForeignClient(NodeProgram):
    """A key that trades through `@opensea/seaport-js` (`foreign/client.mjs` lists the requests).

    Orders are `{"parameters": ..., "signature": ...}`, as that library has them.
    """

    sources = Path(__file__).parent / "foreign"
    file = "client.mjs"
    called = "foreign client"
