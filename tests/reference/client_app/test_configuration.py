"""A configuration that cannot be used names the member that is wrong."""

import pytest

from uma_reference.client_app import Config
from uma_reference.config_reader import ConfigError

Document = dict[str, object]
AS = "https://as.example"


def test_the_smallest_one(app_document: Document) -> None:
    del app_document["shortcuts"]
    app_document["authorization_servers"] = [{"issuer": AS}]
    config = Config.from_document(app_document)
    assert config.resource_servers == ("https://rs.example:443",)
    assert config.claims_redirect_uri == "https://app.example/return"
    assert "bob-password" not in repr(config)


@pytest.mark.parametrize(
    ("member", "value", "complaint"),
    [
        ("base", "http://app.example", "base: it has to be an https URL"),
        ("base", "https://app.example/", "base: it has to be an https URL"),
        ("base", None, "base: it has to be a non-empty string"),
        ("people", [{"id": "bob"}], r"people\[0\].password: give it"),
        (
            "people",
            [{"id": "bob", "password": "a"}, {"id": "bob", "password": "b"}],
            "people: every id can stand there only once",
        ),
        ("people", [{"id": "b", "password_hash": "x"}], r"people\[0\].password_hash: it has to be"),
        (
            "people",
            [{"id": "b", "password": "x", "claim_tokens": [{"token": "no jwt"}]}],
            r"people\[0\].claim_tokens\[0\].token: it has to hold one JWT",
        ),
        ("resource_servers", [], "resource_servers: name the origin"),
        ("resource_servers", [7], r"resource_servers\[0\]: it has to be a string"),
        ("resource_servers", ["https://rs.example/a"], r"resource_servers\[0\]: it has to be an"),
        ("resource_servers", ["http://127.0.0.1"], r"resource_servers\[0\]: it is not https"),
        ("authorization_servers", [], "authorization_servers: name one"),
        ("authorization_servers", [{"issuer": "x"}], r"authorization_servers\[0\].issuer: it has"),
        (
            "authorization_servers",
            [{"issuer": AS, "client_id": "c"}],
            r"authorization_servers\[0\].client_secret: it has to be a non-empty string",
        ),
        (
            "authorization_servers",
            [
                {
                    "issuer": AS,
                    "client_id": "c",
                    "token_endpoint_auth_method": "private_key_jwt",
                    "private_key": "x",
                }
            ],
            r"authorization_servers\[0\].private_key: it has to be a private key",
        ),
        (
            "shortcuts",
            [{"name": "a", "url": "https://elsewhere.example/"}],
            r"shortcuts\[0\].url: its server is none of resource_servers",
        ),
        ("limits", {"calls": 0}, "limits.calls: it has to be a whole number above 0"),
    ],
)
def test_what_is_wrong_is_named(
    app_document: Document, member: str, value: object, complaint: str
) -> None:
    app_document[member] = value
    with pytest.raises(ConfigError, match=complaint):
        Config.from_document(app_document)


def test_plain_http_is_for_loopback_and_asked_for(app_document: Document) -> None:
    app_document |= {
        "http_on_loopback": True,
        "resource_servers": ["http://127.0.0.1:8080"],
        "shortcuts": [],
    }
    assert Config.from_document(app_document).resource_servers == ("http://127.0.0.1:8080",)
    app_document["resource_servers"] = ["http://rs.example"]
    with pytest.raises(ConfigError, match="it is not https"):
        Config.from_document(app_document)
