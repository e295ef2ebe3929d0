"""Reads Python files as trees of their syntax."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator
from pathlib import Path


def nodes_of(file: Path) -> Iterator[ast.AST]:
    """All nodes of the tree, each before those below it.

    Nothing is collected while the tree is made: before Python 3.11.5 and 3.12 a finalizer that then runs breaks it off
    with a SystemError about its depth (python/cpython#106905).
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        tree = ast.parse(file.read_text())
    finally:
        if collects:
            gc.enable()
    return ast.walk(tree)
