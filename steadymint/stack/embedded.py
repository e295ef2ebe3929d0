"""The whole stack on one machine without Docker: infrastructure from packages, and our own processes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from filelock import FileLock, Timeout
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from migrations.runner import migrate
from migrations.seed import GenesisMismatchError
from steadymint.durable.client import connect
from steadymint.durable.queues import Queues
from steadymint.settings import Settings
from steadymint.stack.anvil import Anvil
from steadymint.stack.application import Application, answers, answers_ok, listens
from steadymint.stack.configuration import environment_of, settings_of, values
from steadymint.stack.deploy import Deployment, deploy
from steadymint.stack.home import HOME
from steadymint.stack.local import CONFIRMATIONS, register_local_chain
from steadymint.stack.market import open_market
from steadymint.stack.mongo import Mongo
from steadymint.stack.part import Part, PartFailedError
from steadymint.stack.ports import HOST, Ports
from steadymint.stack.postgres import Postgres
from steadymint.stack.report import Report, State, silent
from steadymint.stack.secrets import load_secrets
from steadymint.stack.supervisor import Supervisor
from steadymint.stack.temporal import Temporal
from steadymint.stack.valkey import Valkey

API_PORT, CODEC_PORT, RECEIVER_PORT, TEMPORAL_PORT, TEMPORAL_UI_PORT, ANVIL_PORT = 8080, 8081, 8090, 7233, 8233, 8545
"""The well-known ports. A port that is taken is replaced by any free one."""


class EmbeddedStack:
    """Starts every part, keeps it running, and leaves no process behind.

    Use as an async context manager. Inside it everything answers, the stores are migrated, and the contracts are
    deployed and registered. With `applications=False` only the infrastructure runs. A second stack on the same `home`
    is refused.

    Raises (on entering):
        PartFailedError: a part did not come up, or the directory is in use.
    """

    def __init__(
        self,
        home: Path = HOME,
        *,
        node_dir: Path | None = None,
        report: Report = silent,
        applications: bool = True,
        block_time: float | None = 1.0,
        disposable: bool = False,
        known_ports: bool = True,
        confirmations: int = CONFIRMATIONS,
    ) -> None:
        self.home = home.absolute()
        self._report = report
        self._applications = applications
        self._confirmations = confirmations
        self._lock = FileLock(self.home / "stack.lock")
        self._exit = AsyncExitStack()
        self._deployment: Deployment | None = None
        self._polled: tuple[Queues, Client] | None = None
        self._ports = ports = Ports(self.home / "ports.json")

        def port(name: str, wanted: int | None = None) -> int:
            return ports.get(name, wanted if known_ports else None)

        logs = self.home / "logs"
        self.api_port, self.codec_port = port("api", API_PORT), port("codec-server", CODEC_PORT)
        # Nothing of ours listens there: it is where a receiver of webhooks may.
        self.receiver_url = f"http://{HOST}:{port('webhook-receiver', RECEIVER_PORT)}"
        self.secrets = load_secrets(self.home / "secrets.json")
        settings = {"fsync": "off", "full_page_writes": "off"} if disposable else {}
        self.postgres = Postgres(self.home / "postgres", port("postgres"), settings=settings)
        self.valkey = Valkey(self.home / "valkey", port("valkey"))
        self.mongo = Mongo(self.home / "mongo", port("mongo"))
        self.temporal = Temporal(
            self.home / "temporal",
            port("temporal", TEMPORAL_PORT),
            port("temporal-ui", TEMPORAL_UI_PORT),
            codec_endpoint=f"http://{HOST}:{self.codec_port}",
        )
        self.anvil = Anvil(
            self.home / "anvil",
            node_dir or self.home / "node",
            port("anvil", ANVIL_PORT),
            block_time=block_time,
            # Blocks come at intervals, as on a real chain, so that every step of an intent can be seen.
            mixed=False,
        )
        self.api = Application(
            "api",
            logs / "api.log",
            self.environment,
            lambda _: answers_ok(f"{self.api_url}/readyz"),
            self.api_url,
            port=self.api_port,
            alive=lambda: answers(f"{self.api_url}/healthz"),
        )
        worker_port = port("worker")
        self.worker = Application(
            "worker",
            logs / "worker.log",
            # Not for every process: a second worker that somebody starts beside the stack would want the same port.
            lambda: self.environment() | {"STEADYMINT_WORKER__METRICS_PORT": str(worker_port)},
            self.polls,
            alive=lambda: answers(f"http://{HOST}:{worker_port}/healthz"),
        )
        self.codec_server = Application(
            "codec-server",
            logs / "codec-server.log",
            self.environment,
            lambda _: listens(self.codec_port),
            f"http://{HOST}:{self.codec_port}",
            port=self.codec_port,
            alive=lambda: answers(f"http://{HOST}:{self.codec_port}/"),
        )

    @property
    def infrastructure(self) -> tuple[Part, ...]:
        return (self.postgres, self.valkey, self.mongo, self.temporal, self.anvil)

    @property
    def applications(self) -> tuple[Part, ...]:
        return (self.worker, self.api, self.codec_server) if self._applications else ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every part, in the order of starting."""
        return (*self.infrastructure, *self.applications)

    @property
    def api_url(self) -> str:
        return f"http://{HOST}:{self.api_port}"

    @property
    def deployment(self) -> Deployment:
        """Our contracts on the local chain. They are known once the stack has started."""
        assert self._deployment is not None, "the stack has not started"
        return self._deployment

    def settings(self) -> Settings:
        """The settings of every process of this stack."""
        return settings_of(values(self))

    def environment(self) -> dict[str, str]:
        """The settings as environment variables."""
        return environment_of(values(self))

    async def __aenter__(self) -> Self:
        self.home.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise PartFailedError(f"another stack is running in {self.home}: `steadymint down` stops it") from None
        self._exit.callback(self._lock.release)
        self._exit.callback(self._ports.release)
        self._exit.push_async_callback(self._stop_all, self.infrastructure)
        self._exit.push_async_callback(self._stop_all, self.applications)
        try:
            await self._start_all(self.infrastructure)
            await self._step("stores", self._migrate())
            await self._step("contracts", self._deploy())
            await self._start_all(self.applications)
        except BaseException:
            await self._exit.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._exit.aclose()

    async def supervise(self) -> None:
        """Restart parts that exit by themselves or that hang, until cancelled.

        Raises:
            PartFailedError: a part keeps exiting.
        """
        await Supervisor(
            lambda: self.parts, self._report, lambda part: self._step(part.name, part.start(), part.described)
        ).run()

    async def _migrate(self) -> None:
        settings = self.settings()
        await migrate(self.postgres.url, self.mongo.url, await connect(settings))

    async def _deploy(self) -> None:
        self._deployment = await deploy(self.anvil, self.anvil.data_dir / "deployment.json")
        market = await open_market(self.anvil)
        try:
            await register_local_chain(
                self.postgres.url, self.anvil, self._deployment, market, confirmations=self._confirmations
            )
        except GenesisMismatchError as error:
            raise PartFailedError(
                f"{error}: the database knows another chain. Remove {self.home} to start again"
            ) from error

    async def polls(self, worker: Application) -> bool:
        """Whether the running worker polls for work. Temporal may still list one that was killed a minute ago."""
        if self._polled is None:  # kept: it is asked dozens of times while a worker starts
            settings = self.settings()
            self._polled = Queues(settings.temporal.task_queue_prefix), await connect(settings)
        queues, client = self._polled
        answer = await client.workflow_service.describe_task_queue(
            DescribeTaskQueueRequest(
                namespace=client.namespace,
                task_queue=TaskQueue(name=queues.flows),
                task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
            )
        )
        return any(poller.identity.startswith(f"{worker.pid}@") for poller in answer.pollers)

    async def _start_all(self, parts: Iterable[Part]) -> None:
        """Start the parts at once. The first failure cancels the others."""
        try:
            async with asyncio.TaskGroup() as group:
                for part in parts:
                    group.create_task(self._step(part.name, part.start(), part.described))
        except* PartFailedError as failures:
            raise failures.exceptions[0] from None

    async def _stop_all(self, parts: Iterable[Part]) -> None:
        async def stop(part: Part) -> None:
            if part.running:
                self._report(part.name, State.STOPPING, 0, "")
                await part.stop()
                self._report(part.name, State.STOPPED, 0, "")

        await asyncio.gather(*(stop(part) for part in parts))

    async def _step(self, name: str, work: Awaitable[Any], described: Callable[[], str] = str) -> None:
        begun = time.monotonic()
        self._report(name, State.STARTING, 0, "")
        try:
            await work
        except Exception as error:
            self._report(name, State.FAILED, time.monotonic() - begun, str(error).splitlines()[0])
            raise
        self._report(name, State.READY, time.monotonic() - begun, described())
