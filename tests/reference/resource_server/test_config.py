"""The configuration of the resource server: every error names its member."""

import copy
from typing import Any

import pytest

from uma_reference.resource_server import Config, ConfigError


@pytest.mark.parametrize(
    ("member", "value", "named"),
    [
        ("name", "a b", "name"),
        ("url", None, "url"),
        ("url", "http://rs.example", "url"),
        ("url", "https://rs.example/", "url"),
        ("url", "https://rs.example?x", "url"),
        ("url", "https://[", "url"),
        ("url", 'https://rs.example/"', "url"),
        ("realm", 'a"b', "realm"),
        ("realm", "gr\u00fcn", "realm"),
        ("authorization_server", None, "authorization_server.issuer"),
        ("authorization_server", {"issuer": "x"}, "authorization_server.issuer"),
        ("ask_for", "much", "ask_for"),
        ("rpt_validation", "never", "rpt_validation"),
        ("introspection_cache_seconds", -1, "introspection_cache_seconds"),
        ("clock_skew_seconds", "5", "clock_skew_seconds"),
        ("retry_seconds", 0, "retry_seconds"),
        ("body_limit_bytes", 0, "body_limit_bytes"),
        ("public_catalogue", 1, "public_catalogue"),
        ("owners", {}, "owners"),
        ("owners.0.id", "a/b", "owners[0].id"),
        ("owners.0.password_hash", None, "owners[0].password"),
        ("owners.0.password", "both", "owners[0].password"),
        ("owners.0.password_hash", "md5", "owners[0].password_hash"),
        ("owners.0.client", None, "owners[0].client"),
        ("owners.0.client", {"id": "x"}, "owners[0].client.secret"),
        ("owners.0.client", {"id": "x", "method": "none"}, "owners[0].client.method"),
        (
            "owners.0.client",
            {"id": "x", "method": "private_key_jwt", "key": "x"},
            "owners[0].client.key",
        ),
        ("owners.0.documents", [{"name": "x"}], "owners[0].documents[0].id"),
        ("owners.0.documents", [{"id": "x"}], "owners[0].documents[0]: name"),
        ("owners.0.documents", [{"id": "x", "name": "x", "content": "\ud800"}], "documents[0]"),
        ("owners.0.documents", [{"id": "x", "name": "x"}] * 2, "owners[0].documents"),
    ],
)
def test_what_is_wrong_is_named(
    rs_document: dict[str, object], member: str, value: object, named: str
) -> None:
    document: Any = copy.deepcopy(rs_document)
    place = document
    *path, last = member.split(".")
    for step in path:
        place = place[int(step)] if step.isdigit() else place[step]
    if value is None:
        place.pop(last, None)
    else:
        place[last] = value
    with pytest.raises(ConfigError) as told:
        Config.from_document(document)
    assert named in str(told.value)


def test_an_owner_stands_there_once(rs_document: dict[str, object]) -> None:
    owners: Any = rs_document["owners"]
    with pytest.raises(ConfigError, match="owners"):
        Config.from_document(rs_document | {"owners": owners * 2})


def test_a_password_is_hashed_at_once(rs_document: dict[str, object]) -> None:
    alice = {"id": "alice", "password": "in clear", "client": {"id": "x", "secret": "y"}}
    config = Config.from_document(rs_document | {"owners": [alice]})
    assert config.owners["alice"].password_hash.startswith("scrypt$")
    assert "in clear" not in repr(config)
