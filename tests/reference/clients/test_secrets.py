"""Clients with a secret, and public ones that have none (RFC 6749 section 2.3)."""

from collections.abc import Callable
from urllib.parse import quote_plus

import httpx
import pytest

from uma_reference.authorization_server import Config, MemoryStore

Login = Callable[..., httpx.Response]
Make = Callable[..., str]
AWKWARD = "a b:%&+\u00e9"


def refused(answer: httpx.Response) -> bool:
    found = (answer.status_code, answer.json()["error"], answer.headers["www-authenticate"])
    return found == (401, "invalid_client", 'Basic realm="token endpoint"')


def test_both_methods_with_a_secret_stand_for_each_other(login: Login) -> None:
    assert login(("client", "client-secret")).status_code == 200
    assert login(client_id="client", client_secret="client-secret").status_code == 200
    assert login(client_id="post", client_secret=AWKWARD).status_code == 200


def test_name_and_secret_are_encoded_in_the_header(login: Login) -> None:
    assert login(("post", quote_plus(AWKWARD))).status_code == 200
    assert refused(login(("post", AWKWARD)))


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("client", "other-secret"),
        ("client", ""),
        ("client", "client-secret "),
        ("Client", "client-secret"),
        ("nobody", ""),
        ("", ""),
        # Those without a secret have no empty one either.
        ("public", ""),
        ("signer", ""),
        ("signer", "x"),
    ],
)
def test_a_wrong_secret_is_refused(login: Login, name: str, secret: str) -> None:
    assert refused(login((name, secret)))
    if secret:
        assert refused(login(client_id=name, client_secret=secret))


@pytest.mark.parametrize("name", ["client", "signer", "nobody", ""])
def test_a_name_alone_is_enough_for_public_clients_only(login: Login, name: str) -> None:
    assert refused(login(client_id=name))


@pytest.mark.parametrize("value", ["Basic", "Basic !", "Basic Y2xpZW50", "Bearer x", "Basic /w=="])
def test_a_header_that_cannot_be_read_authenticates_nobody(
    server: httpx.Client, value: str
) -> None:
    form = {"grant_type": "client_credentials"}
    assert refused(server.post("/token", data=form, headers={"Authorization": value}))


@pytest.mark.parametrize(
    "form",
    [
        {"client_id": "client", "client_secret": "client-secret"},
        {"client_secret": "client-secret"},
        {"client_assertion": "x"},
        {"client_assertion_type": "x"},
    ],
)
def test_a_client_uses_one_method_at_a_time(login: Login, form: dict[str, str]) -> None:
    answer = login(("client", "client-secret"), **form)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_a_secret_and_an_assertion_are_two_methods(
    login: Login, assertion: Callable[..., dict[str, str]]
) -> None:
    answer = login(client_id="client", client_secret="client-secret", **assertion())
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_the_client_of_the_form_is_that_of_the_header(login: Login) -> None:
    assert login(("client", "client-secret"), client_id="client").status_code == 200
    assert refused(login(("client", "client-secret"), client_id="other"))


def test_a_public_client_gets_rpts_and_refreshes_and_revokes_them(
    server: httpx.Client, register: Make, allow: Make, ticket: Make
) -> None:
    resource = register("view")
    allow(resource, "view")
    grant = "urn:ietf:params:oauth:grant-type:uma-ticket"
    form = {"grant_type": grant, "ticket": ticket({resource: ["view"]}), "client_id": "public"}
    rpt = server.post("/token", data=form).json()
    again = {"grant_type": "refresh_token", "refresh_token": rpt["refresh_token"]}
    fresh = server.post("/token", data={**again, "client_id": "public"})
    assert fresh.status_code == 200
    token = {"token": fresh.json()["access_token"], "client_id": "public"}
    assert server.post("/revoke", data=token).status_code == 200


def test_a_public_client_has_no_credentials_to_be_granted_anything_by(login: Login) -> None:
    answer = login(client_id="public")
    assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")


def test_configured_secrets_are_kept_as_digests(document: dict[str, object]) -> None:

    config = Config.from_document(document)
    assert "client-secret" not in repr(config)
    assert all("secret" not in item.secret_digest for item in config.clients.values())


def test_no_error_says_what_was_sent(login: Login, store: MemoryStore) -> None:
    answer = login(("client", "hush-hush"))
    assert "hush" not in answer.text + str(answer.headers) + repr(vars(store))
