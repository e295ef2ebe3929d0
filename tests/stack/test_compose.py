"""The description for Docker is one that Docker takes, and keeps the promises of a careful deployment.

`compose_spec.json` is the schema of the Compose Specification (Apache-2.0) as the package `docker-compose` 1.29.2 on
PyPI carries it.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from steadymint.stack.temporal import binary

ROOT = Path(__file__).parents[2]
WORKERS = {"worker-flows", "worker-chain", "worker-index", "worker-media", "worker-metadata", "worker-webhooks"}
LONG_LIVED = {"api"} | WORKERS
OURS = {"migrate", "local-chain", "codec-server"} | LONG_LIVED


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture
def schema() -> dict[str, Any]:
    """With what came to the specification after the schema's release."""
    found = json.loads((Path(__file__).parent / "compose_spec.json").read_text())
    found["properties"]["name"] = {"type": "string"}
    depends_on = found["definitions"]["service"]["properties"]["depends_on"]["oneOf"][1]
    (dependency,) = depends_on["patternProperties"].values()
    dependency["properties"]["required"] = {"type": "boolean"}
    return found


def test_the_compose_file_is_valid(compose: dict[str, Any], schema: dict[str, Any]) -> None:
    jsonschema.Draft201909Validator(schema).validate(compose)


def test_the_schema_would_notice_a_mistake(compose: dict[str, Any], schema: dict[str, Any]) -> None:
    wrong = {"services": {"api": compose["services"]["api"] | {"portz": []}}}
    with pytest.raises(jsonschema.ValidationError, match="portz"):
        jsonschema.Draft201909Validator(schema).validate(wrong)


def test_every_dependency_exists_and_says_when_it_is_met(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for service in services.values():
        for name, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in services[name]


def test_a_deployment_needs_nothing_of_the_local_chain(compose: dict[str, Any]) -> None:
    """Compose refuses a file in which a service requires one of a profile that is off."""
    services = compose["services"]
    local = {name for name, service in services.items() if service.get("profiles") == ["local"]}
    assert local == {"anvil", "local-chain"}
    for name in services.keys() - local:
        dependencies = services[name].get("depends_on", {}).items()
        assert local.isdisjoint(other for other, how in dependencies if how.get("required", True)), name


def test_our_long_lived_processes_wait_for_the_migration(compose: dict[str, Any]) -> None:
    for name in LONG_LIVED:
        assert compose["services"][name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_every_queue_has_a_worker(compose: dict[str, Any]) -> None:
    from steadymint.settings import WorkerSettings

    served = [
        queue
        for name in WORKERS
        for queue in json.loads(compose["services"][name]["environment"]["STEADYMINT_WORKER__QUEUES"])
    ]
    assert sorted(served) == sorted(WorkerSettings().queues)


def test_every_foreign_image_is_pinned(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        if name not in OURS:
            assert re.search(r":v?\d", service["image"]), name


def test_temporal_is_of_the_release_that_the_tests_run_on(compose: dict[str, Any]) -> None:
    said = subprocess.run([binary(), "--version"], capture_output=True, text=True, check=True).stdout
    released = re.search(r"Server ([\d.]+), UI ([\d.]+)", said)
    assert released, said
    server, ui = released.groups()
    images = {name: service["image"] for name, service in compose["services"].items() if "temporal" in name}
    assert images == {
        "temporal": f"temporalio/server:{server}",
        "temporal-schema": f"temporalio/admin-tools:{server}",
        "temporal-namespace": f"temporalio/admin-tools:{server}",
        "temporal-ui": f"temporalio/ui:{ui}",
    }


def test_temporal_is_given_a_configuration_in_which_orders_can_be_checked(compose: dict[str, Any]) -> None:
    """The image ends at once if it does not find the file, and has none of its own."""
    service = compose["services"]["temporal"]
    (mount,) = service["volumes"]
    source, target, _ = mount.split(":")
    path = Path(service["environment"]["DYNAMIC_CONFIG_FILE_PATH"]).relative_to(target)
    assert yaml.safe_load((ROOT / source / path).read_text())["activity.enableStandalone"] == [{"value": True}]


def test_no_port_is_open_to_the_network(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_process_that_stays_says_whether_it_turns(compose: dict[str, Any]) -> None:
    for name in LONG_LIVED | {"codec-server"}:
        assert compose["services"][name]["healthcheck"]["test"], name
    for name in WORKERS:
        service = compose["services"][name]
        assert f":{service['environment']['STEADYMINT_WORKER__METRICS_PORT']}/healthz" in str(service["healthcheck"])


def test_what_an_operator_sets_reaches_our_processes(compose: dict[str, Any]) -> None:
    """Credentials of a store, tokens, networks of proxies: all but what this description decides by itself."""
    for name in OURS:
        assert compose["services"][name]["env_file"] == [".env"]


def test_our_processes_run_without_privileges(compose: dict[str, Any]) -> None:
    for name in OURS:
        service = compose["services"][name]
        assert service["cap_drop"] == ["ALL"]
        assert service["read_only"] is True
    assert re.search(r"^USER \d+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)


def test_every_named_volume_is_used(compose: dict[str, Any]) -> None:
    used = {volume.split(":")[0] for service in compose["services"].values() for volume in service.get("volumes", [])}
    assert {source for source in used if not source.startswith("./")} == set(compose["volumes"])


def test_every_setting_is_one_that_the_product_knows(compose: dict[str, Any]) -> None:
    from steadymint.settings import Settings

    for name in OURS:
        for variable in compose["services"][name]["environment"]:
            group, _, field = variable.removeprefix("STEADYMINT_").lower().partition("__")
            assert group in Settings.model_fields, variable
            model = Settings.model_fields[group].annotation
            assert not field or field in getattr(model, "model_fields", {}), variable


def test_no_secret_is_written_down(compose: dict[str, Any]) -> None:
    for name in OURS:
        environment = compose["services"][name]["environment"]
        for variable in ("STEADYMINT_AUTH__SIGNING_KEYS", "STEADYMINT_CODEC__KEYS"):
            assert environment[variable].startswith("${" + variable + ":?")
