"""Visits in a real browser, beside any driver that a target file describes."""

import os
import shutil
import ssl
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import pytest
from typer.testing import CliRunner

from uma_conformance.actors.actor import Journal
from uma_conformance.cli import application
from uma_conformance.drivers.browser.chromium import flags_for
from uma_conformance.drivers.browser.settings import BrowserSettings, filled
from uma_conformance.drivers.choice import driver_of
from uma_conformance.drivers.protocol import PARTY, DriverError, Policy, Wish
from uma_conformance.opening import connect, open_target
from uma_conformance.probes.scene import Scene
from uma_conformance.target import load_target, parse_target

_HEAD = """
[target]
name = "x"
role = "as"
issuer = "https://as.example"
[driver]
kind = "table"
[browser]
"""
_STEP = """
[[browser.steps]]
when = "#go"
click = "#go"
"""
needs_chromium = pytest.mark.skipif(
    not (os.environ.get("UMA2_CHROMIUM") or shutil.which("chromium")),
    reason="no Chromium is installed, and UMA2_CHROMIUM names none",
)


class Reference(Protocol):
    def target_file(self, driver: str, more: str = "") -> Path: ...
    def hook_server(self) -> AbstractContextManager[str]: ...
    def pages(self) -> str: ...


def browser(text: str, **environment: str) -> BrowserSettings:
    return BrowserSettings.read(parse_target(_HEAD + text, "mine.toml", Path()), environment)


def hook(url: str) -> str:
    return f'kind = "hook"\nurl = "{url}"\nsecret_env = "UMA2_HOOK_SECRET"'


@needs_chromium
def test_the_redirection_back_is_recorded_as_the_browser_saw_it(reference: Reference) -> None:
    with reference.hook_server() as url:
        target = load_target(reference.target_file(hook(url), reference.pages()))
        with open_target(target) as ready, connect(ready) as surroundings:
            scene = Scene(surroundings, Journal(surroundings.wire, "visit"))
            resource = scene.register(policies=[Policy(frozenset({"view"}), by_visit=True)])
            ticket = scene.ticket({resource: ["view"]})
            agent = scene.user_agent()
            place = scene.endpoint("claims_interaction_endpoint")
            page = agent.get(f"{place}?client_id={scene.credentials().client_id}&ticket={ticket}")
            end = ready.driver.act_as(PARTY, agent, page, Wish.GO_ON)
            last = surroundings.wire.recorded[-1]
            recorded = repr(surroundings.wire.recorded)
    assert end.redirect.startswith("https://app.example/claims?ticket=")
    assert not agent.elsewhere
    assert agent.cookies
    assert (last.status, last.request.url) == (303, f"{ready.driver.issuer}/claims/visit")
    (location,) = last.headers("location")
    assert location.startswith("https://app.example/claims?ticket=ticket:")
    assert ticket not in recorded
    assert "not seen" not in last.purpose


@needs_chromium
def test_the_doctor_names_the_steps_when_none_fits(reference: Reference) -> None:
    pages = reference.pages().replace("/sign-in']", "/log-in']")
    with reference.hook_server() as url:
        path = reference.target_file(hook(url), pages)
        result = CliRunner().invoke(application(), ["doctor", str(path)])
    assert result.exit_code == 2
    assert "not every hook works: correct browser.steps" in " ".join(result.output.split())


@needs_chromium
def test_a_browser_that_is_not_there_is_named(reference: Reference) -> None:
    pages = reference.pages()
    executable = next(line for line in pages.splitlines() if line.startswith("executable"))
    pages = pages.replace(executable, 'executable = "no-such-browser"')
    with reference.hook_server() as url:
        path = reference.target_file(hook(url), pages)
        result = CliRunner().invoke(application(), ["doctor", str(path)])
    assert result.exit_code == 2
    assert "correct browser.executable" in " ".join(result.output.split())


def test_hosts_of_clients_are_kept_unknown() -> None:
    clients = ("https://app.example/claims", "https://app.example/other", "http://as.example/x")
    (flag,) = flags_for("http://as.example", ssl.create_default_context(), clients)
    assert flag == "--host-resolver-rules=MAP app.example ~NOTFOUND"


def test_values_of_a_party_stand_in_braces() -> None:
    text = f'[browser.parties.bob]\npassword_env = "BOB"\nname = "Bob B."\n{_STEP}'
    found = browser(
        f'{text}fill = {{ "#n" = "{{name}}", "#p" = "{{password}}" }}\n', BOB="pw-of-bob"
    )
    values = [filled(value, found.parties["bob"]) for value in found.steps[0].fill.values()]
    assert values == ["Bob B.", "pw-of-bob"]
    assert found.secrets == {"pw-of-bob"}
    assert "pw-of-bob" not in repr(found)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("steps = []\n", "browser.steps"),
        (f"colour = 1\n{_STEP}", "browser.colour"),
        (_STEP.replace("when", "wen"), "browser.steps[0].when"),
        (_STEP.replace("click", "clik"), "browser.steps[0].click"),
        (f'{_STEP}wishes = ["go away"]\n', "browser.steps[0].wishes"),
        (f'{_STEP}fill = {{ "#n" = "{{nickname}}" }}\n', "browser.steps[0].fill"),
        (f'{_STEP}[browser.parties.eve]\nname = "eve"\n', "browser.parties.eve"),
        (
            f'{_STEP}[browser.parties.bob]\npassword_env = "NONE"\n',
            "browser.parties.bob.password_env",
        ),
        (f"seconds = 0\n{_STEP}", "browser.seconds"),
    ],
)
def test_a_wrong_key_is_named(text: str, key: str) -> None:
    with pytest.raises(DriverError) as found:
        browser(text)
    assert key in str(found.value)


def test_a_driver_that_makes_no_visits_takes_no_browser() -> None:
    text = _HEAD.replace('"table"', '"keycloak"\nadmin_password = "x"')
    text = text.replace("as.example", "as.example/realms/x") + _STEP
    with pytest.raises(DriverError, match="browser: the driver keycloak makes no visits"):
        driver_of(parse_target(text, "mine.toml", Path()))
