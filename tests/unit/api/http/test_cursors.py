"""Cursors: what was sealed opens, for its own list and its own day, and nothing else does."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from api.http.cursors import CURSOR_LIFE, CURSOR_MAX_LENGTH, EXPIRY_STEP, CursorCodec, scope_of
from steadymint.catalog.trait_rows import MAX_KEY_BYTES
from steadymint.domain.errors import InvalidCursorError

OLD, NEW = SecretStr("o" * 32), SecretStr("n" * 32)
SCOPE = scope_of("/v1/collections", {"chainId": "eip155:1"})


class Newest(NamedTuple):
    at: datetime
    id: UUID


class Clock:
    now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


def codec() -> CursorCodec:
    return CursorCodec({"new": NEW}, clock=Clock())


POSITION = Newest(datetime(2024, 2, 29, 12, 0, 0, 123456, tzinfo=UTC), uuid4())


def test_a_cursor_gives_back_the_position_to_the_microsecond() -> None:
    sealed = codec().seal(SCOPE, POSITION)
    assert codec().open(SCOPE, sealed, Newest) == POSITION


@pytest.mark.parametrize(
    "longest",
    [
        ["eip155:9007199254740991", "0x" + "f" * 40, "0x" + "f" * 40, str(2**256 - 1)],
        ['"' * MAX_KEY_BYTES, "\\" * MAX_KEY_BYTES],
    ],
    ids=["a token", "a value of a trait"],
)
def test_the_longest_position_fits_a_query_parameter(longest: list[str]) -> None:
    assert len(codec().seal(SCOPE, longest)) <= CURSOR_MAX_LENGTH


@pytest.mark.parametrize(
    ("path", "filters"),
    [
        ("/v1/collections", {}),
        ("/v1/collections", {"chainId": "eip155:2"}),
        ("/v1/collections", {"chainId": "eip155:1", "standard": "erc721"}),
        ("/v1/accounts/0x00/tokens", {"chainId": "eip155:1"}),
    ],
)
def test_a_cursor_of_another_list_or_other_filters_is_refused(path: str, filters: dict[str, str]) -> None:
    sealed = codec().seal(SCOPE, POSITION)
    with pytest.raises(InvalidCursorError):
        codec().open(scope_of(path, filters), sealed, Newest)


def test_the_order_of_filters_does_not_matter() -> None:
    assert scope_of("/x", {"a": 1, "b": 2}) == scope_of("/x", {"b": 2, "a": 1})


def test_a_page_has_the_same_cursor_for_an_hour_so_that_its_etag_can_stay() -> None:
    clock = Clock()
    clock.now = 1_700_002_801.0  # the first second of an hour
    made = CursorCodec({"new": NEW}, clock=clock)
    first = made.seal(SCOPE, POSITION)
    clock.now += EXPIRY_STEP - 1
    assert made.seal(SCOPE, POSITION) == first
    clock.now += 1
    assert made.seal(SCOPE, POSITION) != first


def test_an_expired_cursor_is_refused() -> None:
    clock = Clock()
    made = CursorCodec({"new": NEW}, clock=clock)
    sealed = made.seal(SCOPE, POSITION)
    clock.now += CURSOR_LIFE - 1
    assert made.open(SCOPE, sealed, Newest) == POSITION
    clock.now += 1 + EXPIRY_STEP
    with pytest.raises(InvalidCursorError):
        made.open(SCOPE, sealed, Newest)


def test_a_cursor_survives_the_rotation_of_its_key_and_not_its_retirement() -> None:
    sealed = CursorCodec({"old": OLD}, clock=Clock()).seal(SCOPE, POSITION)
    rotated = CursorCodec({"new": NEW, "old": OLD}, clock=Clock())
    assert rotated.open(SCOPE, sealed, Newest) == POSITION
    with pytest.raises(InvalidCursorError):
        codec().open(SCOPE, sealed, Newest)


def test_every_single_bit_is_authenticated() -> None:
    sealed = codec().seal(SCOPE, POSITION)
    raw = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    for index in range(len(raw) * 8):
        changed = bytearray(raw)
        changed[index // 8] ^= 1 << index % 8
        with pytest.raises(InvalidCursorError):
            codec().open(SCOPE, base64.urlsafe_b64encode(changed).decode().rstrip("="), Newest)


@given(st.one_of(st.text(max_size=100), st.binary(max_size=80).map(lambda raw: base64.urlsafe_b64encode(raw).decode())))
def test_any_other_text_is_refused_and_never_an_error_of_ours(text: str) -> None:
    with pytest.raises(InvalidCursorError):
        codec().open(SCOPE, text, Newest)


def test_a_position_of_another_shape_is_refused() -> None:
    sealed = codec().seal(SCOPE, ["only one"])
    with pytest.raises(InvalidCursorError):
        codec().open(SCOPE, sealed, Newest)
