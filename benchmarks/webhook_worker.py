"""The webhook side of a worker, in a process of its own, on a network where every name leads to one port.

    python -m benchmarks.webhook_worker DSN TEMPORAL PORT PEM

All but the network is the product's: the relay, the consumer, the waker, the flow, the gate with its checks, and the
event loop, uvloop, which asks the operating system for the peer of a connection. So the address of the receivers, which
is of this machine, counts as public here.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import sys
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, Final

import uvloop
from temporalio.client import Client

from steadymint.database import create_pool
from steadymint.durable.client import data_converter
from steadymint.durable.queues import Queues
from steadymint.events.relay import Relay
from steadymint.outbound import addresses, connecting
from steadymint.outbound.addresses import IpAddress
from steadymint.outbound.connecting import AddressInfo, Network
from steadymint.settings import Settings
from steadymint.stack.ports import HOST
from steadymint.webhooks.fanout import WebhookFanout
from workers.webhooks import serve_webhooks


async def resolve(host: str) -> Sequence[IpAddress]:
    """A public address of the name's own, made from its number."""
    family, _, number = host.partition(".")[0].rpartition("-")
    return [ipaddress.ip_address(f"93.{100 + len(family)}.{int(number) // 200}.{int(number) % 200 + 1}")]


class LocalSocket(socket.socket):
    """Connects to the receivers, wherever it is sent."""

    port = 0

    def connect(self, address: Any) -> None:
        super().connect((HOST, self.port))


_RECEIVERS: Final = ipaddress.ip_address(HOST)


def is_public(address: IpAddress) -> bool:
    return address == _RECEIVERS or addresses.is_public(address)


def open_socket(info: AddressInfo) -> socket.socket:
    return LocalSocket(info[0], info[1], info[2])


async def serve(dsn: str, address: str, port: int, pem: str) -> None:
    """Until it is killed."""
    LocalSocket.port = port
    connecting.is_public = is_public
    settings = Settings.model_validate({"environment": "test"})
    client = await Client.connect(address, data_converter=data_converter(settings))
    pool = await create_pool(dsn, max_size=settings.postgres.pool_max)
    parts: Any = SimpleNamespace(settings=settings, pool=pool, temporal=client, queues=Queues())
    network = Network(resolve, open_socket, ssl.create_default_context(cafile=pem))
    async with serve_webhooks(parts, network=network):
        await Relay(pool, [WebhookFanout()]).run()


if __name__ == "__main__":
    uvloop.run(serve(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]))
