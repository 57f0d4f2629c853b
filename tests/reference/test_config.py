"""The configuration document: a wrong one is refused by the name of its member."""

import hashlib
import json
import re

import pytest

from uma_reference.authorization_server import Config, ConfigError
from uma_reference.authorization_server.config import Feature

OWNER = {"id": "alice", "password": "secret"}
PAT_CLIENT = {"id": "client", "secret": "secret", "owner": "alice", "resource_server": "rs"}
ISSUER = {"issuer": "https://identity.example", "jwks": {"keys": [1]}}
REMOTE = {"issuer": "https://identity.example", "jwks_uri": "https://identity.example/keys"}


def changed(**members: object) -> dict[str, object]:
    return {"issuer": "https://as.example", "owners": [OWNER], **members}


ADDRESSES = (
    *("", "as.example", "http://as.example", "https://", "https:///path"),
    *(
        "https://as.example/",
        "https://as.example?x=y",
        "https://as.example#x",
        "https://as.example/a%20b",
    ),
)
# The member that is named, and JSON of what is wrong; the rest of the configuration is right.
WRONG = [
    *(("issuer", f'{{"issuer": "{value}"}}') for value in ADDRESSES),
    *(("issuer", f'{{"issuer": {value}}}') for value in ("null", "7", "[]")),
    *(
        (name, f'{{"{name}": {value}}}')
        for name in ("owners", "clients", "trusted_issuers")
        for value in ("{}", '"x"', "1", "true")
    ),
    *(
        (f"{name}[0]", f'{{"{name}": [{value}]}}')
        for name in ("owners", "clients", "trusted_issuers")
        for value in ("null", '"x"', "[]", "1")
    ),
    ("owners[1]", '{"owners": [{"id": "x", "password": "y"}, 1]}'),
    ("owners[0].id", '{"owners": [{"password": "y"}]}'),
    ("owners[0].id", '{"owners": [{"id": "", "password": "y"}]}'),
    ("owners[0].password", '{"owners": [{"id": "x"}]}'),
    ("owners[0].password", '{"owners": [{"id": "x", "password": 1}]}'),
    ("owners", '{"owners": [{"id": "x", "password": "y"}, {"id": "x", "password": "z"}]}'),
    ("clients[0].id", '{"clients": [{"secret": "y"}]}'),
    ("clients[0].secret", '{"clients": [{"id": "x"}]}'),
    ("clients[0].secret", '{"clients": [{"id": "x", "secret": ""}]}'),
    ("clients[0].secret_digest", '{"clients": [{"id": "x", "secret_digest": "secret"}]}'),
    (
        "clients[0].secret",
        f'{{"clients": [{{"id": "x", "secret": "y", "secret_digest": "{"0" * 64}"}}]}}',
    ),
    ("clients[0].scopes", '{"clients": [{"id": "x", "secret": "y", "scopes": "view"}]}'),
    ("clients[0].scopes", '{"clients": [{"id": "x", "secret": "y", "scopes": ["view", 1]}]}'),
    ("clients[0].owner", '{"clients": [{"owner": 1, "resource_server": "rs"}]}'),
    ("clients[0].owner", '{"clients": [{"owner": "nobody", "resource_server": "rs"}]}'),
    ("clients[0].resource_server", '{"clients": [{"owner": "alice", "resource_server": []}]}'),
    ("clients[0]", '{"clients": [{"id": "x", "secret": "y", "owner": "alice"}]}'),
    ("clients[0]", '{"clients": [{"id": "x", "secret": "y", "resource_server": "rs"}]}'),
    ("clients", '{"clients": [{"id": "x", "secret": "y"}, {"id": "x", "secret": "z"}]}'),
    ("trusted_issuers[0].issuer", '{"trusted_issuers": [{"jwks": {}}]}'),
    ("trusted_issuers[0]", '{"trusted_issuers": [{"issuer": "x"}]}'),
    ("trusted_issuers[0]", '{"trusted_issuers": [{"issuer": "x", "jwks": {}, "jwks_uri": "y"}]}'),
    ("trusted_issuers[0].jwks", '{"trusted_issuers": [{"issuer": "x", "jwks": []}]}'),
    ("trusted_issuers[0].jwks", '{"trusted_issuers": [{"issuer": "x", "jwks": "y"}]}'),
    ("trusted_issuers[0].jwks_uri", '{"trusted_issuers": [{"issuer": "x", "jwks_uri": 1}]}'),
    *(("lifetimes", f'{{"lifetimes": {value}}}') for value in ("[]", '"x"', "1")),
    *(
        (f"lifetimes.{name}", f'{{"lifetimes": {{"{name}": {value}}}}}')
        for name in ("ticket_seconds", "rpt_seconds", "pat_seconds")
        for value in ("0", "-1", "1.5", '"1"', "true", "[]")
    ),
    *(
        (name, f'{{"{name}": {value}}}')
        for name in ("partial_grants", "controls")
        for value in ("0", "1", '"true"', "[]")
    ),
    *(("body_limit_bytes", f'{{"body_limit_bytes": {value}}}') for value in ("0", "-1", "true")),
    *(
        (f"lifetimes.{name}", f'{{"lifetimes": {{"{name}": 0}}}}')
        for name in ("code_seconds", "session_seconds", "gathering_seconds", "pat_refresh_seconds")
    ),
    *(
        (f"limits.{name}", f'{{"limits": {{"{name}": {value}}}}}')
        for name in ("sign_ins", "sign_in_seconds", "requests_per_minute", "registrations_per_hour")
        for value in ("0", "-1", '"1"')
    ),
    *(("limits", f'{{"limits": {value}}}') for value in ("[]", "1")),
    *(("rpt_format", f'{{"rpt_format": {value}}}') for value in ('"paseto"', "1", '""')),
    *(
        ("need_info", f'{{"need_info": {value}}}')
        for value in ('["pct"]', '"redirect_user"', "[1]")
    ),
    ("requesting_parties", '{"requesting_parties": [{"id": "alice", "password": "x"}]}'),
    ("requesting_parties[0].password", '{"requesting_parties": [{"id": "x"}]}'),
    (
        "requesting_parties[0].claims",
        '{"requesting_parties": [{"id": "x", "password": "y", "claims": []}]}',
    ),
    (
        "requesting_parties",
        '{"requesting_parties": [{"id": "x", "password": "y"}, {"id": "x", "password": "z"}]}',
    ),
    ("clients[0]", '{"clients": [{"id": "x", "secret": "y", "resource_server": "rs"}]}'),
    (
        "clients[0].token_endpoint_auth_method",
        '{"clients": [{"id": "x", "token_endpoint_auth_method": "tls_client_auth"}]}',
    ),
    (
        "clients[0].jwks",
        '{"clients": [{"id": "x", "token_endpoint_auth_method": "private_key_jwt"}]}',
    ),
    *(
        (
            f"clients[0].{name}{place}",
            f'{{"clients": [{{"id": "x", "secret": "y", "{name}": {value}}}]}}',
        )
        for name in ("redirect_uris", "claims_redirect_uris")
        for place, value in (
            ("", '"https://app.example/"'),
            ("[0]", "[1]"),
            ("[0]", '["http://app.example/"]'),
            ("[1]", '["https://app.example/", "https://app.example/#x"]'),
        )
    ),
]


@pytest.mark.parametrize(("member", "text"), WRONG)
def test_a_wrong_member_is_named(member: str, text: str) -> None:
    document = changed(**json.loads(text))
    with pytest.raises(ConfigError, match=rf"^{re.escape(member)}: "):
        Config.from_document(document)


@pytest.mark.parametrize("document", [None, [], "x", 1, True])
def test_a_document_that_is_no_object_is_refused(document: object) -> None:
    with pytest.raises(ConfigError, match=r"^the configuration: "):
        Config.from_document(document)


@pytest.mark.parametrize("issuer", ["https://[", "https://[::1", "https://[x]/"])
def test_an_issuer_that_is_no_address_is_named(issuer: str) -> None:
    with pytest.raises(ConfigError, match=r"^issuer: "):
        Config.from_document(changed(issuer=issuer))


def test_the_error_does_not_show_secrets() -> None:
    owners = [{"id": "alice", "password": "hush"}, {"id": "alice", "password": "hush"}]
    with pytest.raises(ConfigError) as caught:
        Config.from_document(changed(owners=owners))
    assert "hush" not in str(caught.value)


def test_a_configuration_does_not_show_secrets() -> None:
    document = changed(
        owners=[{"id": "alice", "password": "hush"}], clients=[{"id": "x", "secret": "hush"}]
    )
    assert "hush" not in repr(Config.from_document(document))


def test_an_issuer_alone_is_a_configuration() -> None:
    config = Config.from_document({"issuer": "https://as.example"})
    assert (config.owners, config.clients, config.trusted_issuers) == ({}, {}, ())
    lifetimes = config.lifetimes
    assert (lifetimes.ticket, lifetimes.rpt, lifetimes.pat) == (300, 3600, 3600)
    assert (config.partial_grants, config.controls, config.limits.body_bytes) == (
        True,
        False,
        65536,
    )


def test_everything_given_is_read() -> None:
    config = Config.from_document(
        changed(
            clients=[{**PAT_CLIENT, "scopes": ["uma_protection"]}],
            trusted_issuers=[ISSUER, REMOTE],
            lifetimes={"ticket_seconds": 1, "rpt_seconds": 2, "pat_seconds": 3},
            partial_grants=False,
            controls=True,
            body_limit_bytes=4,
        )
    )
    domain = config.clients["client"].domain
    assert domain is not None
    assert (domain.owner, domain.resource_server) == ("alice", "rs")
    assert config.clients["client"].scopes == {"uma_protection"}
    assert config.owners["alice"].password == "secret"
    assert config.trusted_issuers[0].jwks == {"keys": [1]}
    assert config.trusted_issuers[1].jwks_uri == "https://identity.example/keys"
    lifetimes = config.lifetimes
    assert (lifetimes.ticket, lifetimes.rpt, lifetimes.pat) == (1, 2, 3)
    assert (config.partial_grants, config.controls, config.limits.body_bytes) == (False, True, 4)


def test_features_are_switched_on_by_name() -> None:
    config = Config.from_document(changed(features=["pct", "rpt-upgrade"]))
    assert config.features == {Feature.PCT, Feature.RPT_UPGRADE}


def test_an_unknown_feature_is_named_with_those_that_there_are() -> None:
    with pytest.raises(ConfigError, match=r"^features: 'telepathy' is none of .*pct, refresh, "):
        Config.from_document(changed(features=["pct", "telepathy"]))


@pytest.mark.parametrize("name", ["pct_seconds", "refresh_seconds"])
def test_further_lifetimes_are_checked(name: str) -> None:
    with pytest.raises(ConfigError, match=rf"^lifetimes.{name}: "):
        Config.from_document(changed(lifetimes={name: 0}))


def test_the_interval_is_checked() -> None:
    with pytest.raises(ConfigError, match=r"^interval_seconds: "):
        Config.from_document(changed(interval_seconds=-1))


@pytest.mark.parametrize(
    ("member", "text"),
    [
        ("featurs", '{"featurs": ["pct"]}'),
        ("lifetimes.rpt", '{"lifetimes": {"rpt": 1}}'),
        ("clients[0].scope", '{"clients": [{"id": "x", "secret": "y", "scope": "view"}]}'),
        ("owners[0].passwort", '{"owners": [{"id": "x", "password": "y", "passwort": "z"}]}'),
        ("limits.sign_in", '{"limits": {"sign_in": 3}}'),
    ],
)
def test_a_member_that_nothing_uses_is_named(member: str, text: str) -> None:
    with pytest.raises(ConfigError, match=rf"^{re.escape(member)}: nothing uses this member"):
        Config.from_document(changed(**json.loads(text)))


def test_what_stands_in_claims_and_keys_is_not_looked_at() -> None:
    owner = {**OWNER, "claims": {"anything": 1}}
    issuer = {"issuer": "https://identity.example", "jwks": {"keys": [1], "more": 2}}
    config = Config.from_document(changed(owners=[owner], trusted_issuers=[issuer]))
    assert config.owners["alice"].claims == {"anything": 1}


def test_a_client_is_known_by_the_digest_of_its_secret() -> None:
    kept = hashlib.sha256(b"secret").hexdigest()
    clients = [{"id": "x", "secret": "secret"}, {"id": "y", "secret_digest": kept.upper()}]
    config = Config.from_document(changed(clients=clients))
    assert {client.secret_digest for client in config.clients.values()} == {kept}
