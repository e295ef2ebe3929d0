"""Signatures of orders that are handed in: whose counts, in which forms, and which one is kept."""

from __future__ import annotations

from dataclasses import replace

from steadymint.domain.market.build import Price, listing
from steadymint.domain.market.intake import Taking
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import Address
from tests.contracts.harness import calldata
from tests.contracts.order_stage import FEES, lower
from tests.contracts.seaport import ETHER, parameters
from tests.contracts.test_order_checks import sign_digest
from tests.support.trading import Trading, codes

SECP256K1_N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


async def test_a_contract_wallets_order_and_one_validated_on_chain_need_no_key(trading: Trading) -> None:
    stage, chain = trading.stage, trading.stage.chain
    wallet = chain.deploy("TestWallet1271", stage.seller)
    chain.send(stage.cats.functions.transferFrom(stage.seller, wallet.address, 2), stage.seller)
    approving = stage.cats.functions.setApprovalForAll(stage.conduit, True)
    chain.send(wallet.functions.execute(stage.cats.address, 0, calldata(approving)), stage.seller)
    made = listing(lower(wallet.address), stage.cat(2), Price.fixed(ETHER), FEES, stage.seaport.frame())
    walletss = SubmittedOrder.of(made)
    signed = replace(walletss, signature=sign_digest(stage.seller, stage.seaport.domain.digest(walletss.hash)))
    unsigned = replace(stage.listing(1), signature=b"")
    first = await trading.take(signed, unsigned)
    assert [codes(one) for one in first] == [[], ["unsigned"]]
    chain.send(stage.seaport.contract.functions.validate([(parameters(unsigned.components), b"")]), stage.seller)
    (validated,) = await trading.take(unsigned)
    assert (validated.outcome, validated.findings) == (Taking.KNOWN, ())
    assert {row["status"] for row in await trading.rows()} == {"active"}


async def test_a_better_signature_replaces_one_that_nobody_accepted_and_no_other(trading: Trading) -> None:
    order = trading.stage.listing()
    await trading.take(replace(order, signature=b""))
    (row,) = await trading.rows()
    assert (row["status"], row["reasons"]) == ("inactive", ["unsigned"])
    await trading.take(order)
    (row,) = await trading.rows()
    assert (row["status"], row["signature"]) == ("active", order.signature)
    await trading.take(replace(order, signature=b""), replace(order, signature=b"\x01" * 65))
    (row,) = await trading.rows()
    assert (row["status"], row["signature"]) == ("active", order.signature)


def _high_s(signature: bytes) -> bytes:
    """The other signature of the same key: s is n - s, and v is flipped."""
    s = SECP256K1_N - int.from_bytes(signature[32:64])
    return signature[:32] + s.to_bytes(32) + bytes([55 - signature[64]])


def _compact(signature: bytes) -> bytes:
    """EIP-2098."""
    return signature[:32] + bytes([signature[32] | (signature[64] - 27) << 7]) + signature[33:64]


async def test_a_signature_in_another_form_makes_no_second_order(trading: Trading) -> None:
    order = trading.stage.listing()
    forms = [replace(order, signature=form(order.signature)) for form in (_compact, _high_s, bytes)]
    outcomes = [(await trading.take(one))[0].outcome for one in forms]
    assert outcomes == [Taking.CREATED, Taking.KNOWN, Taking.KNOWN]
    assert len(await trading.rows()) == 1


async def test_a_signature_of_another_chain_or_an_older_seaport_is_none_of_the_makers(trading: Trading) -> None:
    stage = trading.stage
    order = stage.listing()
    elsewhere = replace(stage.seaport.domain, chain=1), replace(stage.seaport.domain, seaport=Address("0x" + "15" * 20))
    for domain in elsewhere:
        forged = replace(order, signature=sign_digest(stage.seller, domain.digest(order.hash)))
        (taken,) = await trading.take(forged)
        assert (taken.outcome, codes(taken)) == (Taking.REFUSED, ["bad_signature"])
    assert await trading.rows() == []
