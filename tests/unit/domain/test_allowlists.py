"""The tree of an allowlist is the one that the contract checks proofs against."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from steadymint.domain.allowlists import AllowlistTree
from steadymint.domain.types import Address, parse_address
from steadymint.stack.anvil import DEV_ACCOUNTS
from tests.support.merkle import Merkle

ACCOUNTS = [parse_address(account.address) for account in DEV_ACCOUNTS[:5]]

addresses = st.lists(st.binary(min_size=20, max_size=20), min_size=1, max_size=40, unique=True).map(
    lambda found: [parse_address("0x" + one.hex()) for one in found]
)


def test_the_root_is_that_of_the_storefront() -> None:
    tree = AllowlistTree.of(ACCOUNTS)
    assert tree.root == "0x0548845532e20163d626e767b171816a20d7fc27b38d1543e06f13050f4084e0"
    assert tree.size == 5


@settings(deadline=None)
@given(addresses)
def test_the_root_is_the_same_in_whatever_order_and_the_one_of_the_contracts_tests(found: list[Address]) -> None:
    tree = AllowlistTree.of(found)
    assert tree == AllowlistTree.of(reversed(found))
    assert bytes.fromhex(tree.root[2:]) == Merkle(found).root
