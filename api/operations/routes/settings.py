"""The settings that front ends need to know."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request, Response

from api.http.answers import BAD_INPUT, CACHED, answers
from api.http.etags import answer
from api.http.json_bodies import Router
from api.http.queries import NoQuery, each_once
from api.operations.bodies.settings import SETTINGS_EXAMPLE, SettingsBody
from api.root import ServicesDep

router = Router(prefix="/v1", tags=["Operations"], dependencies=[Depends(each_once)])


@router.get(
    "/settings",
    summary="Public settings of this marketplace",
    response_model=None,
    responses=answers(SettingsBody, SETTINGS_EXAMPLE, CACHED, BAD_INPUT),
)
async def get_settings(request: Request, services: ServicesDep, _: Annotated[NoQuery, Query()]) -> Response:
    """What an operator has set, and the defaults. A change is seen within a second. More may be added."""
    return answer(request, {"settings": await services.operator_settings.public()})
