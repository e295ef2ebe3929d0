"""The committed artifacts are what the sources say."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

import contracts
from contracts import load_artifact
from steadymint.stack.market import SEAPORT_DEPLOYER, SEAPORT_SALT, seaport_init_code
from tests.contracts.harness import selector_of

CONTRACTS = Path(contracts.__file__).parent
PRODUCT = ("Collection1155", "Collection721", "CollectionFactory", "FungibleToken", "TokenFactory")
NEVER_DEPLOYED = ("Multicall", "SignatureValidator")
"""Run as creation code inside an `eth_call`."""
EIP_170_LIMIT = 24_576
"""Bytes of runtime code a chain accepts."""


def test_the_artifacts_are_what_the_last_compilation_made_of_these_very_sources() -> None:
    """`make contracts` records what it reads and writes. CI compiles again and compares."""
    digests = {
        name: digest
        for digest, name in (line.split("  ") for line in (CONTRACTS / "compiled.sha256").read_text().splitlines())
    }
    inputs = [CONTRACTS / name for name in ("artifact.mjs", "compile.mjs", "package-lock.json")]
    folders = ("src/*.sol", "test/*.sol", "artifacts/*.json", "artifacts/test/*.json")
    files = [*inputs, *(file for pattern in folders for file in CONTRACTS.glob(pattern))]
    found = {str(file.relative_to(CONTRACTS)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    assert found == digests, "run `make contracts`"


@pytest.mark.parametrize("folder", [".", "seaport"])
def test_every_package_is_pinned_by_its_content_and_from_no_particular_registry(folder: str) -> None:
    packages: dict[str, Any] = json.loads((CONTRACTS / folder / "package-lock.json").read_text())["packages"]
    wanted = packages.pop("")["dependencies"]
    assert all(version[0].isdigit() for version in wanted.values())
    assert packages
    for package in packages.values():
        assert "resolved" not in package
        assert package["integrity"].startswith("sha512-")


@pytest.mark.parametrize("name", PRODUCT)
def test_a_contract_fits_into_the_size_limit(name: str) -> None:
    size = (len(load_artifact(name).deployed_bytecode) - 2) // 2
    assert 0 < size < EIP_170_LIMIT


def test_the_artifact_of_seaport_is_the_contract_that_stands_on_real_chains() -> None:
    """Its address is a hash of its init code. A byte of the artifact that differs gives another address."""
    init_code = keccak(seaport_init_code())
    address = keccak(b"\xff" + bytes.fromhex(SEAPORT_DEPLOYER[2:]) + SEAPORT_SALT + init_code)[12:]
    assert to_checksum_address(address) == "0x0000000000000068F116a894984e2DB1123eB395"


@pytest.mark.parametrize("name", PRODUCT)
def test_no_two_errors_of_a_contract_share_a_selector(name: str) -> None:
    """A decoder of reverts goes by the selector alone."""
    errors = [entry for entry in load_artifact(name).abi if entry["type"] == "error"]
    assert len({selector_of(error) for error in errors}) == len(errors) > 0


def test_test_helpers_are_kept_apart_from_the_product() -> None:
    assert {path.stem for path in contracts.ARTIFACTS.glob("*.json")} == {*PRODUCT, *NEVER_DEPLOYED}


def test_an_artifact_is_loaded_once_and_an_unknown_one_refused() -> None:
    assert load_artifact("TestWallet1271") is load_artifact("TestWallet1271")
    assert load_artifact("CollectionFactory").bytecode.startswith("0x")
    for name in ("Nothing", "", "../package", "test/Echo"):
        with pytest.raises(LookupError):
            load_artifact(name)
