"""During a deploy a process reads what one of the next version wrote."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterator

from pydantic import ValidationError

from steadymint import domain
from steadymint.domain.market.components import ConsiderationItem, OfferItem, OrderComponents
from steadymint.domain.market.rules import CurrencyRule, MarketRules
from steadymint.domain.record import Record

STRICT = {MarketRules, CurrencyRule, OrderComponents, OfferItem, ConsiderationItem}
"""A person types the rules, and a typo is refused. Seaport defines the members of an order."""


def subclasses(of: type[Record]) -> Iterator[type[Record]]:
    for one in of.__subclasses__():
        yield one
        yield from subclasses(one)


def refuses_what_it_does_not_know(record: type[Record]) -> bool:
    try:
        record.model_validate_json(json.dumps({"aMemberOfTheNextVersion": None}))
    except ValidationError as error:  # others are missing
        return any(one["type"] == "extra_forbidden" for one in error.errors())
    return False


def test_a_record_of_the_next_version_is_read_without_what_is_new() -> None:
    for module in pkgutil.walk_packages(domain.__path__, f"{domain.__name__}."):
        importlib.import_module(module.name)
    records = set(subclasses(Record))
    assert len(records) > 100
    assert {one for one in records if refuses_what_it_does_not_know(one)} == STRICT
