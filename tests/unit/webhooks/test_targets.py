"""Webhooks lead to the public internet, and on this machine to the origins that a setting names, and no further."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from steadymint.outbound.errors import OutboundError
from steadymint.settings import Settings, WebhookSettings
from steadymint.webhooks.targets import Targets

LOCAL = "http://127.0.0.1:8090"


def test_a_local_receiver_is_asked_past_the_gate_and_a_strangers_address_through_it() -> None:
    targets = Targets([LOCAL])
    for text in (LOCAL, f"{LOCAL}/hook?of=alice"):
        assert targets.read(text).configured
    assert not targets.read("https://shop.example/hook").configured


@pytest.mark.parametrize(
    "text",
    [
        "http://127.0.0.1:8091/hook",
        "http://127.0.0.1:80900/hook",
        "http://127.0.0.1/hook",
        "https://127.0.0.1:8090/hook",
        "http://localhost:8090/hook",
        "http://127.1:8090/hook",
        "http://[::ffff:127.0.0.1]:8090/hook",
        "http://127.0.0.1:8090@10.0.0.1/hook",
        "http://user@127.0.0.1:8090/hook",
        "http://127.0.0.1:8090\\@10.0.0.1/hook",
        "http://127.0.0.1:8090/hook\r\nx: y",
        "http://127.0.0.1:8090?hook",
    ],
)
def test_nothing_else_of_this_machine_is_a_target(text: str) -> None:
    with pytest.raises(OutboundError):
        Targets([LOCAL]).read(text)


def test_without_the_setting_there_is_no_local_receiver() -> None:
    with pytest.raises(OutboundError):
        Targets().read(LOCAL)


@pytest.mark.parametrize(
    "origin",
    ["http://10.0.0.1:8090", "http://127.0.0.1", "https://127.0.0.1:8090", f"{LOCAL}/", "http://localhost:8090"],
)
def test_only_an_origin_of_this_machine_can_be_named(origin: str) -> None:
    with pytest.raises(ValidationError, match="local_receivers"):
        WebhookSettings.model_validate({"local_receivers": [origin]})


def test_production_refuses_to_have_a_local_receiver() -> None:
    webhooks = WebhookSettings(local_receivers=(LOCAL,))
    assert Settings(environment="test", webhooks=webhooks).webhooks.local_receivers == (LOCAL,)
    with pytest.raises(ValidationError, match="local_receivers"):
        Settings(environment="production", webhooks=webhooks)
