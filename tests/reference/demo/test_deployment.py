"""The configurations of the demonstration are such as the servers take."""

from pathlib import Path

import pytest

from uma_reference.authorization_server import Config as AsConfig
from uma_reference.authorization_server.config import Feature
from uma_reference.client_app import Config as AppConfig
from uma_reference.demo.cast import CAST
from uma_reference.demo.deployment import (
    CLIENTS,
    PEOPLE,
    SERVERS,
    Addresses,
    authorization_server,
    client_application,
    resource_server,
)
from uma_reference.demo.kept import Kept, keep
from uma_reference.resource_server.config import Config as RsConfig

ADDRESSES = Addresses(
    "https://localhost:8443",
    {name: f"https://localhost:{number}" for number, name in enumerate(SERVERS, 8444)},
    "https://localhost:8446",
)


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return keep(tmp_path, PEOPLE, CLIENTS)


def test_the_authorization_server_has_every_optional_feature(kept: Kept) -> None:
    config = AsConfig.from_document(authorization_server(ADDRESSES, kept))
    assert config.features == frozenset(Feature)
    assert config.accounts.keys() == {person.id for person in CAST}
    assert config.owners.keys() == {person.id for person in CAST if person.owner}


@pytest.mark.parametrize("server", SERVERS)
def test_owners_can_connect_each_resource_server(kept: Kept, server: str) -> None:
    config = AsConfig.from_document(authorization_server(ADDRESSES, kept))
    place = RsConfig.from_document(resource_server(server, ADDRESSES, kept, None))
    client = config.clients[server]
    assert client.redirect_uris == (f"{place.url}/connect/callback",)
    assert client.scopes == {"uma_protection"}
    assert config.clients[f"{server}-alice"].domain is not None


def test_the_client_opens_what_the_resource_servers_hold(kept: Kept) -> None:
    config = AppConfig.from_document(client_application(ADDRESSES, kept, None, None))
    held = {
        ADDRESSES.document(server, owner.id, document.id)
        for server in SERVERS
        for owner in RsConfig.from_document(
            resource_server(server, ADDRESSES, kept, None)
        ).owners.values()
        for document in owner.documents
    }
    assert {item.url for item in config.shortcuts} <= held
    assert len(config.shortcuts) == 3


def test_one_password_opens_both_accounts_of_a_person(kept: Kept) -> None:
    at_server = AsConfig.from_document(authorization_server(ADDRESSES, kept)).accounts["osei"]
    at_client = AppConfig.from_document(client_application(ADDRESSES, kept, None, None)).people
    assert at_server.has_password(kept.passwords["osei"])
    assert at_client["osei"].has_password(kept.passwords["osei"])
