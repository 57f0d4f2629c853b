"""A server whose owner and requesting party sign in."""

from typing import cast

import pytest


@pytest.fixture
def document(document: dict[str, object]) -> dict[str, object]:
    limits = {"sign_ins": 3, "sign_in_seconds": 100}
    parties = [{"id": "carol", "password": "carol-password", "name": "Carol"}]
    web: dict[str, object] = {
        "id": "web",
        "secret": "web-secret",
        "scopes": ["uma_protection"],
        "redirect_uris": ["https://rs.example/cb"],
    }
    clients = [*cast("list[object]", document["clients"]), web]
    return {**document, "requesting_parties": parties, "limits": limits, "clients": clients}
