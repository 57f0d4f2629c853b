"""The driver `hook` against a server that answers anything, and the schemas of what it sends."""

import json
from collections.abc import Callable, Generator
from pathlib import Path

import httpx
import pytest
import respx

from uma_conformance.drivers.hook import HookDriver
from uma_conformance.drivers.protocol import (
    CLIENT,
    OWNER,
    PARTY,
    RESOURCE_SERVER,
    DriverError,
    Flaw,
    Policy,
    Unsupported,
)
from uma_conformance.target import parse_target
from uma_schemas import names, violations

URL = "https://hooks.example/uma"
_HEAD = (
    '[target]\nname = "x"\nrole = "as"\nissuer = "https://as.example"\n[driver]\nkind = "hook"\n'
)
_SECRET = "secret-of-the-hooks"
_BOB = '[driver.parties.bob]\nemail = "bob@people.example"\n'


def hook(text: str = f'url = "{URL}/"\nsecret_env = "HOOK"\n', more: str = "") -> HookDriver:
    target = parse_target(f"{_HEAD}{text}{more}", "mine.toml", Path())
    return HookDriver.from_target(target, {"HOOK": _SECRET})


@pytest.fixture
def server() -> Generator[respx.MockRouter]:
    with respx.mock(assert_all_called=False) as router:
        yield router


@pytest.fixture
def driver() -> Generator[HookDriver]:
    found = hook(more=f'identity = ["email"]\n{_BOB}')
    yield found
    with respx.mock() as router:
        router.post(f"{URL}/close").respond(501, json={"unsupported": "nothing to do"})
        found.close()


_CALLS: dict[str, tuple[Callable[[HookDriver], object], str, dict[str, object]]] = {
    "open": (HookDriver.open, "hook-open-request", {"protocol": "uma2-hook/1"}),
    "set_policy": (
        lambda driver: driver.set_policy(OWNER, "r/1", [Policy(frozenset({"view"}))]),
        "hook-set-policy",
        {},
    ),
    "pat": (
        lambda driver: driver.pat(OWNER, RESOURCE_SERVER),
        "hook-token-request",
        {"access_token": "a-pat"},
    ),
    "plain_token": (
        lambda driver: driver.plain_token(OWNER, RESOURCE_SERVER),
        "hook-token-request",
        {"access_token": "a-token"},
    ),
    "client": (
        lambda driver: driver.client(CLIENT).client_id,
        "hook-client-request",
        {"client_id": "app-1"},
    ),
    "granted_permissions": (
        lambda driver: driver.granted_permissions("an-rpt", RESOURCE_SERVER),
        "hook-permissions-request",
        {"permissions": [{"resource_id": "r", "resource_scopes": ["view"]}]},
    ),
    "pass_time": (lambda driver: driver.pass_time(3601), "hook-pass-time", {}),
    "settle": (lambda driver: driver.settle(OWNER, "r", approve=True), "hook-settle", {}),
}


@pytest.mark.parametrize("name", _CALLS)
def test_messages_are_of_their_schemas_and_bear_the_secret(
    driver: HookDriver, server: respx.MockRouter, name: str
) -> None:
    use, schema, answer = _CALLS[name]
    route = server.post(f"{URL}/{name}").respond(json=answer)
    use(driver)
    request = route.calls.last.request
    assert request.headers["authorization"] == f"Bearer {_SECRET}"
    assert violations(schema, json.loads(request.content)) == ()


def test_a_policy_names_the_claims_by_which_its_party_is_known(
    driver: HookDriver, server: respx.MockRouter
) -> None:
    route = server.post(f"{URL}/set_policy").respond(json={})
    driver.set_policy(OWNER, "r", [Policy(frozenset({"view"}), also={"role": "doctor"}, ask=True)])
    (policy,) = json.loads(route.calls.last.request.content)["policies"]
    assert policy["identity"] == {"email": "bob@people.example"}
    assert (policy["also"], policy["ask"], policy["by_visit"]) == ({"role": "doctor"}, True, False)


def test_a_claim_token_is_asked_for_with_its_flaw(
    driver: HookDriver, server: respx.MockRouter
) -> None:
    server.post(f"{URL}/client").respond(json={"client_id": "app-1"})
    answer = {"claim_token": "a-token", "claim_token_format": "urn:x"}
    route = server.post(f"{URL}/claim_token").respond(json=answer)
    found = driver.claim_token(PARTY, CLIENT, flaw=Flaw.EXPIRED, without=frozenset({"role"}))
    assert (found.value, found.format) == ("a-token", "urn:x")
    message = json.loads(route.calls.last.request.content)
    assert violations("hook-claim-token-request", message) == ()
    assert (message["client_id"], message["flaw"]) == ("app-1", "expired")


def test_a_spell_begins_waits_and_ends_even_after_an_error(
    driver: HookDriver, server: respx.MockRouter
) -> None:
    messages: list[dict[str, object]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        messages.append(json.loads(request.content))
        return httpx.Response(200, json={})

    server.post(f"{URL}/short_lived_tickets").mock(side_effect=answer)

    def broken() -> None:
        with driver.short_lived_tickets() as expiry:
            expiry.wait()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert [message["step"] for message in messages] == ["begin", "wait", "end"]
    assert [violations("hook-short-lived-tickets", message) for message in messages] == [()] * 3


def test_unsupported_is_passed_on_with_its_reason(
    driver: HookDriver, server: respx.MockRouter
) -> None:
    server.post(f"{URL}/settle").respond(501, json={"unsupported": "nobody is asked"})
    with pytest.raises(Unsupported, match="nobody is asked"):
        driver.settle(OWNER, "r", approve=True)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (httpx.Response(401), "driver.secret_env"),
        (httpx.Response(500, json={"error": "the database is down"}), "the database is down"),
        (httpx.Response(404, text="<html>"), "status 404"),
        (httpx.Response(302, headers={"location": "/"}), "status 302"),
        (httpx.Response(501), "without a text in 'unsupported'"),
        (httpx.Response(501, json={"unsupported": 1}), "without a text in 'unsupported'"),
        (httpx.Response(200, text="done"), "no JSON object"),
        (httpx.Response(200, json=["a list"]), "no JSON object"),
        (httpx.Response(200, content=b'{"access_token": "\xff'), "no JSON object"),
        (httpx.Response(200, json={}), "hook-token-answer"),
        (httpx.Response(200, json={"access_token": ""}), "/access_token"),
    ],
)
def test_any_other_answer_is_an_error_that_names_the_key(
    driver: HookDriver, server: respx.MockRouter, answer: httpx.Response, told: str
) -> None:
    server.post(f"{URL}/pat").mock(return_value=answer)
    with pytest.raises(DriverError) as found:
        driver.pat(OWNER, RESOURCE_SERVER)
    assert told in str(found.value)
    assert str(found.value).startswith("driver.")
    assert _SECRET not in str(found.value)


def test_a_silent_server_is_named(driver: HookDriver, server: respx.MockRouter) -> None:
    server.post(f"{URL}/pat").mock(side_effect=httpx.ReadTimeout(""))
    with pytest.raises(DriverError, match=r"driver\.url: POST .*/pat: ReadTimeout"):
        driver.pat(OWNER, RESOURCE_SERVER)


def test_another_version_is_refused(driver: HookDriver, server: respx.MockRouter) -> None:
    server.post(f"{URL}/open").respond(json={"protocol": "uma2-hook/2"})
    with pytest.raises(DriverError, match="hook-open-answer"):
        driver.open()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "driver.url"),
        (f'url = "{URL}"\n', "driver.secret_env"),
        (f'url = "{URL}"\nsecret_env = "NONE"\n', "NONE is not set"),
        ('url = "http://hooks.example"\nsecret_env = "HOOK"\n', "driver.url"),
        ('url = "hooks.example"\nsecret_env = "HOOK"\n', "driver.url"),
        ('url = "https://[x"\nsecret_env = "HOOK"\n', "driver.url"),
        (f'url = "{URL}"\nsecret_env = "HOOK"\nseconds = 0\n', "driver.seconds"),
        (f'url = "{URL}"\nsecret_env = "HOOK"\ncolour = 1\n', "driver.colour"),
    ],
)
def test_a_wrong_key_is_named(text: str, key: str) -> None:
    with pytest.raises(DriverError) as found:
        hook(text)
    assert key in str(found.value)


def test_the_documentation_tells_every_schema_and_hook() -> None:
    text = (Path(__file__).parents[3] / "docs" / "drivers.md").read_text("utf-8")
    assert [name for name in _CALLS if f"`{name}`" not in text] == []
    assert sum(name.startswith("hook-") for name in names()) == 18


def test_the_secret_is_in_no_representation(driver: HookDriver) -> None:
    assert _SECRET not in repr(driver)
    assert ("secret", _SECRET) in driver.secrets()
