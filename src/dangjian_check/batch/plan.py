"""What a run is to make of every file."""

from __future__ import annotations

from typing import NamedTuple

from dangjian_check.app import Request

WHOLE_MOST = 2_000  # records of which a report as a whole is made
ONE_BY_ONE = 400  # records that people look at one by one, unless some format cannot do otherwise
TIMEOUT = 60.0  # seconds for one file


class Plan(NamedTuple):
    """Small, and the same in every process. ``streams`` are the streamed formats whose text is wanted, ``whole`` says
    that the assessments themselves must come back, ``counted`` that an overview is made of them."""

    request: Request
    streams: tuple[str, ...] = ()
    whole: bool = False
    counted: bool = False
    timeout: float = TIMEOUT
