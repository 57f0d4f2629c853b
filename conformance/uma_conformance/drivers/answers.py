"""Reading what a driver is answered: whatever comes becomes a `DriverError` at worst."""

import httpx

from uma_conformance.drivers.protocol import DriverError
from uma_conformance.trace import NOT_JSON, parse_json


def json_of(answer: httpx.Response) -> object:
    """Return the JSON document of an answer; raise `DriverError` when it is none."""
    value = parse_json(answer.text)
    if value is NOT_JSON:
        request = answer.request
        raise DriverError(f"{request.method} {request.url.path} answered with no JSON document")
    return value
