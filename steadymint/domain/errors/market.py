"""Errors about orders of the market."""

from __future__ import annotations

from steadymint.domain.errors.base import SteadymintError


class OrderRefusedError(SteadymintError):
    """`extra["findings"]` says all that is wrong."""

    code = "order_refused"
    status = 422
    title = "The market does not take this order"
