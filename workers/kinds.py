"""What the worker serves for each kind of intent, found by the table of kinds: `workflows/<kind>.py` has one workflow,
`activities/preparing/<kind>.py` one preparing activity."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

from activities.preparing.base import Preparing, PreparingNeeds
from steadymint.domain.intents.kinds import KINDS, IntentKind
from workflows.intent import IntentFlow

T = TypeVar("T")


def workflows_of_kinds() -> list[type[IntentFlow[Any]]]:
    return [_the_class(f"workflows.{kind}", IntentFlow[Any]) for kind in KINDS]


def preparing_activities(needs: PreparingNeeds) -> list[Callable[..., Any]]:
    return [preparing_of(kind)(needs).prepare for kind in KINDS]


def preparing_of(kind: IntentKind) -> type[Preparing]:
    return _the_class(f"activities.preparing.{kind}", Preparing)


def _the_class(module: str, base: type[T]) -> type[T]:
    """The one subclass of `base` that the module defines. Raises ValueError if there is another number of them."""
    origin = getattr(base, "__origin__", base)
    (found,) = (
        one
        for one in vars(import_module(module)).values()
        if isinstance(one, type) and issubclass(one, origin) and one.__module__ == module
    )
    return found
