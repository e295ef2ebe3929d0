"""Each market's logs are read by the role of their contract, and bytes of any kind are read or refused."""

from __future__ import annotations

from contextlib import suppress
from itertools import chain
from pathlib import Path

import pytest
from eth_abi.abi import encode
from hypothesis import given
from hypothesis import strategies as st

from steadymint.domain.keccak import keccak256
from steadymint.domain.market.others import blur, rarible, seaport
from steadymint.domain.market.others.fill import Fill, sales_of_fill
from steadymint.domain.market.others.roles import FILLS, Decoder
from steadymint.domain.market.words import EventError
from steadymint.domain.types import ZERO_ADDRESS
from tests.unit.domain.market.others.recorded import LOGS
from tests.unit.domain.market.others.test_blur import EXECUTION
from tests.unit.domain.market.test_sides import ALICE, ARTIST, BOB, CATS

DECODERS: dict[str, Decoder] = dict(chain.from_iterable(readers.items() for readers in FILLS.values()))
SOUND = {log.topics[0]: (log.topics, log.data) for log in LOGS.values()}
SOUND[blur.EXECUTION] = (
    [blur.EXECUTION],
    "0x"
    + encode(
        EXECUTION, [(ALICE, 7, 1, CATS, 0), b"\1" * 32, 0, 10**18, (ARTIST, 50), ((ZERO_ADDRESS, 0), (BOB, 9)), 0]
    ).hex(),
)
VALUES = [0, 1, 2, 31, 32, 64, 2**16, 2**64, 2**160, 2**255, 2**256 - 1]


def read(topics: list[str], data: str) -> Fill | None:
    with suppress(EventError):
        return DECODERS[topics[0]](topics, data)
    return None


def expect_whole(fill: Fill) -> None:
    """A fill that is read has sales that add up to its price."""
    known = fill._replace(seller=fill.seller or ALICE, buyer=fill.buyer or BOB, currency_role=None)
    sales = sales_of_fill(known, {ARTIST})
    assert sum(sale.price for sale in sales) == fill.price
    assert all(min(sale.proceeds, sale.fees, sale.royalty) >= 0 for sale in sales)


def test_no_two_roles_read_the_same_event() -> None:
    assert len(DECODERS) == sum(map(len, FILLS.values()))


def test_the_documentation_names_every_role() -> None:
    page = (Path(__file__).parents[5] / "docs" / "market.md").read_text()
    section = page.split("\n## Fills of other markets\n")[1].split("\n## ")[0]
    assert all(f"`{role}`" in section for role in (*FILLS, blur.POOL, seaport.ROLE_1_1, *seaport.EARLIER_ROLES))


@pytest.mark.parametrize("name", [name for name, log in LOGS.items() if log.role in FILLS])
def test_each_recorded_log_is_read_by_its_role_or_said_to_be_too_short(name: str) -> None:
    log = LOGS[name]
    if log.topics[0] == rarible.MATCH_OF_AMOUNTS:
        assert log.topics[0] not in FILLS[log.role]
        return
    fill = FILLS[log.role][log.topics[0]](log.topics, log.data)
    assert fill is not None
    expect_whole(fill)


@pytest.mark.parametrize("topic", DECODERS)
@given(mutation=st.data())
def test_changed_words_are_read_or_refused(topic: str, mutation: st.DataObject) -> None:
    topics, data = SOUND[topic]
    raw = bytearray.fromhex(data[2:])
    for _ in range(mutation.draw(st.integers(1, 4))):
        word = mutation.draw(st.integers(0, len(raw) // 32 - 1))
        value = mutation.draw(st.sampled_from([*VALUES, len(raw) - 32, len(raw)]))
        raw[word * 32 : word * 32 + 32] = value.to_bytes(32)
    cut = mutation.draw(st.sampled_from([len(raw), len(raw), len(raw) - 1, len(raw) - 32, 32, 0]))
    if (fill := read(topics, "0x" + raw[:cut].hex())) is not None:
        expect_whole(fill)


@pytest.mark.parametrize("topic", DECODERS)
@given(data=st.binary(max_size=1024) | st.binary(max_size=32).map(lambda part: keccak256(part) * 20))
def test_bytes_of_any_kind_are_read_or_refused(topic: str, data: bytes) -> None:
    topics, _ = SOUND[topic]
    for text in ("0x" + data.hex(), data.hex(), "0x" + data.decode("latin-1")):
        if (fill := read(topics, text)) is not None:
            expect_whole(fill)


@pytest.mark.parametrize("topic", DECODERS)
def test_topics_that_do_not_fit_are_refused(topic: str) -> None:
    topics, data = SOUND[topic]
    wrong = [[*topics, topics[0]], *([[*topics[:-1], "0x12"], topics[:-1]] if len(topics) > 1 else [])]
    for others in wrong:
        with pytest.raises(EventError):
            DECODERS[topic](others, data)
