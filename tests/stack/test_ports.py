"""Ports are free when given out, and remembered."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

from steadymint.stack.ports import FIRST, HOST, LAST, Ports, free_port


def test_a_free_port_can_be_bound() -> None:
    port = free_port()
    assert FIRST <= port < LAST
    with socket.create_server((HOST, port)):
        assert free_port(port) != port


def test_a_port_is_the_same_after_a_restart(tmp_path: Path) -> None:
    first = Ports(tmp_path / "ports.json").get("api")
    assert Ports(tmp_path / "ports.json").get("api") == first


def test_a_port_that_was_taken_meanwhile_is_replaced_and_the_new_one_remembered(tmp_path: Path) -> None:
    first = Ports(tmp_path / "ports.json").get("api")
    with socket.create_server((HOST, first)):
        second = Ports(tmp_path / "ports.json").get("api")
    assert second != first
    assert json.loads((tmp_path / "ports.json").read_text()) == {"api": second}


def test_two_parts_never_share_a_port(tmp_path: Path) -> None:
    ports = Ports(tmp_path / "ports.json")
    first = ports.get("api")
    assert ports.get("worker", preferred=first) != first


def test_two_stacks_that_start_at_once_never_get_the_same_port(tmp_path: Path) -> None:
    one, other = Ports(tmp_path / "one.json"), Ports(tmp_path / "other.json")
    wanted = free_port()
    assert one.get("anvil", preferred=wanted) == wanted
    assert other.get("anvil", preferred=wanted) != wanted
    one.release()
    assert Ports(tmp_path / "third.json").get("anvil", preferred=wanted) == wanted


OTHER = """
import pathlib, sys
from steadymint.stack.ports import Ports
print(Ports(pathlib.Path(sys.argv[1])).get("postgres", preferred=int(sys.argv[2])))
"""


def test_a_port_that_was_given_is_kept_from_others_before_anybody_listens(tmp_path: Path) -> None:
    given = free_port()
    words = [sys.executable, "-c", OTHER, str(tmp_path / "other.json"), str(given)]
    assert int(subprocess.check_output(words)) != given
