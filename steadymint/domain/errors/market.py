"""Errors about orders of the market."""

from __future__ import annotations

from steadymint.domain.errors.base import SteadymintError


class OrderRefusedError(SteadymintError):
    """`extra["findings"]` says all that is wrong."""

    code = "order_refused"
    status = 422
    title = "The market does not take this order"


class OrdersUnavailableError(SteadymintError):
    """`extra["missing"]` says of each order what is wrong: `orderHash`, `code`, `problem`."""

    code = "orders_unavailable"
    status = 422
    title = "None of these orders can be filled now"


class PriceMovedError(SteadymintError):
    """`extra["total"]` is the most that it may cost, or the least that it may bring; `extra["accepted"]` the limit that
    was named. Both are decimal strings in the currency's smallest unit."""

    code = "price_moved"
    status = 422
    title = "The price is not one that was accepted"
