"""The committed artifacts are what the sources say."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from eth_utils.abi import function_abi_to_4byte_selector
from filelock import FileLock

import contracts
from contracts import load_artifact
from steadymint.stack import node
from tests.contracts.conftest import NODE_DIR

CONTRACTS = Path(contracts.__file__).parent
PRODUCT = ("Collection1155", "Collection721", "CollectionFactory")
EIP_170_LIMIT = 24_576
"""Bytes of runtime code a chain accepts."""


def run(words: list[str], cwd: Path) -> str:
    _, environment = node.npm()
    done = subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def node_modules() -> Path:
    """The packages of contracts/package-lock.json, installed once per lock file below .steadymint."""
    lock = CONTRACTS / "package-lock.json"
    folder = NODE_DIR / f"contracts-{sha256(lock.read_bytes()).hexdigest()[:12]}"
    NODE_DIR.mkdir(parents=True, exist_ok=True)
    with FileLock(NODE_DIR / "contracts.lock"):
        if not (folder / ".installed").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            for name in ("package.json", "package-lock.json"):
                shutil.copy(CONTRACTS / name, folder)
            command, _ = node.npm()
            run([*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)
            (folder / ".installed").touch()
    return folder / "node_modules"


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.json")}


def test_a_fresh_compilation_equals_the_committed_artifacts(tmp_path: Path) -> None:
    _, environment = node.npm()
    program = shutil.which("node", path=environment.get("PATH", os.defpath))
    assert program is not None
    modules = str(node_modules())
    run([program, "compile.mjs", "--out", str(tmp_path), "--modules", modules], CONTRACTS)
    fresh, committed = files(tmp_path), files(contracts.ARTIFACTS)
    assert set(fresh) == set(committed)
    assert [name for name in fresh if fresh[name] != committed[name]] == []


def test_every_package_is_pinned_by_its_content_and_from_no_particular_registry() -> None:
    packages: dict[str, Any] = json.loads((CONTRACTS / "package-lock.json").read_text())["packages"]
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


@pytest.mark.parametrize("name", PRODUCT)
def test_no_two_errors_of_a_contract_share_a_selector(name: str) -> None:
    """A decoder of reverts goes by the selector alone."""
    errors: list[Any] = [{**entry, "type": "function"} for entry in load_artifact(name).abi if entry["type"] == "error"]
    assert len({function_abi_to_4byte_selector(error) for error in errors}) == len(errors) > 0


def test_test_helpers_are_kept_apart_from_the_product() -> None:
    assert {path.stem for path in contracts.ARTIFACTS.glob("*.json")} == set(PRODUCT)


def test_an_artifact_is_loaded_once_and_an_unknown_one_refused() -> None:
    assert load_artifact("TestWallet1271") is load_artifact("TestWallet1271")
    assert load_artifact("CollectionFactory").bytecode.startswith("0x")
    for name in ("Nothing", "", "../package", "test/Echo"):
        with pytest.raises(LookupError):
            load_artifact(name)
