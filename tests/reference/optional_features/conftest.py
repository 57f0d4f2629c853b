"""A server with its optional features switched on."""

from collections.abc import Callable

import httpx
import pytest

Headers = dict[str, str]
FEATURES = ["pct", "refresh", "request_submitted", "revocation", "rpt-upgrade"]


@pytest.fixture
def document(document: dict[str, object]) -> dict[str, object]:
    return {**document, "features": FEATURES, "withdrawal_ends_rpts": True}


@pytest.fixture
def scopes(server: httpx.Client, pat: Headers) -> Callable[[str], dict[str, list[str]] | None]:
    """Return a function that introspects an RPT: scopes by resource, or None when inactive."""

    def look(rpt: str) -> dict[str, list[str]] | None:
        shown = server.post("/introspect", data={"token": rpt}, headers=pat).json()
        if not shown["active"]:
            return None
        return {item["resource_id"]: item["resource_scopes"] for item in shown["permissions"]}

    return look
