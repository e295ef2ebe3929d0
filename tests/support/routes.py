"""Routes for small applications of the tests."""

from __future__ import annotations

from functools import cache
from types import ModuleType

from fastapi import APIRouter
from starlette.routing import BaseRoute


@cache
def routes_of(*modules: ModuleType) -> list[BaseRoute]:
    """The routes of the modules, shared by all applications of this process: FastAPI makes the validators of a route
    anew for each router that includes it. An application that overrides dependencies has to include them itself."""
    router = APIRouter()
    for module in modules:
        router.include_router(module.router)
    return router.routes
