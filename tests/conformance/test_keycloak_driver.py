"""The Keycloak driver's own client, against answers that Keycloak could give."""

import time
from collections.abc import Generator
from pathlib import Path

import httpx
import jwt
import pytest
import respx

from uma_conformance.drivers.keycloak import KeycloakDriver
from uma_conformance.drivers.keycloak.fetch import FetchError, fetch
from uma_conformance.drivers.keycloak.people import expiry_of, wait_until
from uma_conformance.drivers.keycloak.realm import Realm
from uma_conformance.drivers.keycloak.settings import Settings
from uma_conformance.drivers.protocol import DriverError, Permission, Unsupported
from uma_conformance.target import parse_target

BASE = "https://keycloak.example"
REALM = f"{BASE}/admin/realms/uma"
TOKEN = f"{BASE}/realms/master/protocol/openid-connect/token"


@pytest.fixture
def driver() -> Generator[KeycloakDriver]:
    found = KeycloakDriver(Settings(BASE, "uma", "admin", "password-of-the-admin"))
    yield found
    found.close()


@pytest.fixture
def keycloak() -> Generator[respx.MockRouter]:
    with respx.mock(assert_all_called=False) as router:
        router.post(TOKEN).respond(json={"access_token": "admin-token"})
        yield router


def test_a_foreign_realm_is_not_touched(driver: KeycloakDriver, keycloak: respx.MockRouter) -> None:
    keycloak.get(REALM).respond(json={"realm": "uma", "attributes": {}})
    deleted = keycloak.delete(REALM).respond(204)
    with pytest.raises(DriverError, match="'uma' is there already"):
        driver.open()
    driver.close()
    assert not deleted.called


def test_a_realm_of_an_earlier_run_is_replaced(
    driver: KeycloakDriver, keycloak: respx.MockRouter
) -> None:
    keycloak.get(REALM).respond(json={"attributes": {"uma2-conformance": "true"}})
    deleted = keycloak.delete(REALM).respond(204)
    made = keycloak.post(f"{BASE}/admin/realms").respond(500, json={"errorMessage": "no more"})
    with pytest.raises(DriverError, match="no more"):
        driver.open()
    assert deleted.call_count == made.call_count == 1


@pytest.mark.parametrize("status", [401, 403])
def test_an_administrator_without_rights_is_named(
    driver: KeycloakDriver, keycloak: respx.MockRouter, status: int
) -> None:
    keycloak.get(REALM).respond(status)
    with pytest.raises(DriverError, match=r"driver\.admin_username"):
        driver.open()


def test_a_wrong_password_is_named_without_being_shown(driver: KeycloakDriver) -> None:
    with respx.mock() as router:
        router.post(TOKEN).respond(401, json={"error": "invalid_grant"})
        with pytest.raises(DriverError, match=r"driver\.admin_username") as caught:
            driver.open()
    assert "password-of-the-admin" not in str(caught.value)


def test_a_web_page_in_place_of_json_is_an_error(driver: KeycloakDriver) -> None:
    with respx.mock() as router:
        router.post(TOKEN).respond(html="<html>")
        with pytest.raises(DriverError, match="no JSON"):
            driver.open()


def test_a_dead_server_is_an_error(driver: KeycloakDriver) -> None:
    with respx.mock() as router:
        router.post(TOKEN).mock(side_effect=httpx.ConnectError("refused"))
        with pytest.raises(DriverError, match=r"target\.issuer"):
            driver.open()


def test_the_permissions_of_an_rpt_are_read_from_it(driver: KeycloakDriver) -> None:
    held = [{"rsid": "r1", "rsname": "x", "scopes": ["view"]}, {"rsid": "r2"}]
    rpt = jwt.encode({"authorization": {"permissions": held}}, "k" * 32)
    assert driver.granted_permissions(rpt, "rs") == (
        Permission("r1", frozenset({"view"})),
        Permission("r2", frozenset()),
    )


@pytest.mark.parametrize("held", [[{"id": "p1"}], []])
def test_policies_are_withdrawn_after_an_update_took_the_mark_away(
    driver: KeycloakDriver, keycloak: respx.MockRouter, held: list[object]
) -> None:
    issuer, place = f"{BASE}/realms/uma", f"{REALM}/clients/c1/authz/resource-server/resource"
    keycloak.post(f"{issuer}/protocol/openid-connect/token").respond(json={"access_token": "pat"})
    asked = keycloak.get(f"{REALM}/clients").respond(json=[{"id": "c1"}])
    keycloak.get(place).respond(json=[{"_id": "r1"}])
    keycloak.get(f"{place}/r1").respond(json={"name": "x", "ownerManagedAccess": False})
    marked = keycloak.put(f"{place}/r1").respond(204)
    keycloak.get(f"{issuer}/authz/protection/uma-policy").respond(json=held)

    def delete(request: httpx.Request) -> httpx.Response:
        del request
        return httpx.Response(204 if marked.called else 400)

    deleted = keycloak.delete(f"{issuer}/authz/protection/uma-policy/p1").mock(side_effect=delete)
    driver.set_policy("alice", "r1", [])
    assert marked.called is bool(held)
    assert deleted.call_count == len(held)
    assert asked.call_count == 1


def test_an_rpt_that_is_no_token_is_an_error(driver: KeycloakDriver) -> None:
    with pytest.raises(DriverError, match="no JSON Web Token"):
        driver.granted_permissions("opaque", "rs")


def test_nobody_waits_long_for_keycloak(driver: KeycloakDriver) -> None:
    driver.pass_time(0)
    with pytest.raises(Unsupported, match="5 minutes"):
        driver.pass_time(300)


def test_all_secrets_are_given_to_the_redactor(driver: KeycloakDriver) -> None:
    values = [value for _, value in driver.secrets()]
    assert "password-of-the-admin" in values
    assert len(values) == len(set(values)) == 1 + 4 + 4


def test_each_run_makes_up_its_own_secrets() -> None:
    one, two = Realm.fresh(), Realm.fresh()
    assert set(one.passwords.values()).isdisjoint(two.passwords.values())
    assert set(one.secrets.values()).isdisjoint(two.secrets.values())


def test_the_password_comes_from_the_environment() -> None:
    text = (
        '[target]\nname = "x"\nrole = "as"\nissuer = "https://k.example/realms/uma"\n'
        '[driver]\nkind = "keycloak"\nadmin_password_env = "THE_PASSWORD"\n'
    )
    target = parse_target(text, "x.toml", Path())
    settings = Settings.from_target(target, {"THE_PASSWORD": "from-outside"})
    assert settings.admin_password == "from-outside"
    assert (settings.base, settings.realm) == ("https://k.example", "uma")
    assert "from-outside" not in repr(settings)
    with pytest.raises(DriverError, match="THE_PASSWORD is not set"):
        Settings.from_target(target, {})


def test_the_committed_target_file_can_be_used() -> None:
    path = Path(__file__).parents[2] / "conformance/uma_conformance/targets/keycloak.toml"
    text = path.read_text("utf-8").replace('ca_file = "ca.pem"', "")
    target = parse_target(text, str(path), path.parent)
    settings = Settings.from_target(target, {"UMA2_KEYCLOAK_ADMIN_PASSWORD": "x"})
    assert settings.realm == "uma2-conformance"


def test_waiting_goes_past_the_whole_second() -> None:
    expiry = int(time.time())
    wait_until(expiry_of(jwt.encode({"exp": expiry}, "k" * 32)))
    assert time.time() >= expiry + 1


def test_fetching_needs_maven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FetchError, match="install Maven"):
        fetch(tmp_path / "cache", tmp_path)


def test_a_failing_maven_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maven = tmp_path / "mvn"
    maven.write_text("#!/bin/sh\necho no such version\nexit 1\n")
    maven.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(FetchError, match="no such version"):
        fetch(tmp_path / "cache", tmp_path, "0.0.0")
