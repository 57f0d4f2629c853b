"""The reference as anybody's server: reached with a target file, driven from beside it."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from typer.testing import CliRunner

from uma_conformance.cli import application
from uma_conformance.drivers.builtin import BuiltinDriver, Deployment, fresh_deployment
from uma_conformance.drivers.builtin.deployment import (
    CLIENT_SCOPES,
    IDENTITY_PROVIDER,
    KEY_ID,
    REDIRECTS,
    identity,
    role_of,
)
from uma_conformance.drivers.protocol import Policy
from uma_conformance.jsonvalue import array_of, object_of
from uma_conformance.rehearsal import State, resources_to_set_up, states_wanted
from uma_conformance.target import trust
from uma_reference.launching import serve
from uma_reference.names import ID_TOKEN_FORMAT, LOOPBACK

HOOK_SERVER = Path(__file__).parents[3] / "docs" / "examples" / "hook_server.py"
TICKET_SECONDS = 8
CHROMIUM = os.environ.get("UMA2_CHROMIUM", "") or shutil.which("chromium") or ""
HOOK_SECRET = "secret-of-the-hook-server"
BUILTIN = Path(__file__).parents[3] / "conformance" / "uma_conformance" / "targets" / "builtin.toml"


Serving = Callable[[Path], AbstractContextManager["Reference"]]


@dataclass(frozen=True, slots=True)
class Reference:
    """A running reference that nobody set up for the suite, with a folder for target files."""

    issuer: str
    ca_file: Path
    deployment: Deployment
    folder: Path
    ticket_seconds: int = TICKET_SECONDS

    @property
    def environment(self) -> Mapping[str, str]:
        """Return the secrets of the deployment under names for the environment."""
        found = {variable(name): value for name, value in self.deployment.secrets.items()}
        passwords = {
            f"{variable(name)}_PASSWORD": value for name, value in self.deployment.passwords.items()
        }
        return {**found, **passwords, "UMA2_HOOK_SECRET": HOOK_SECRET}

    def target_file(self, driver: str, more: str = "") -> Path:
        """Write a target file with keys of `[driver]` and what the file can give of a driver."""
        features = BUILTIN.read_text("utf-8").partition("[features]")[2].partition("[driver]")[0]
        path = self.folder / "target.toml"
        path.write_text(
            f'[target]\nname = "Anybody"\nrole = "as"\nissuer = "{self.issuer}"\n'
            f"profiles = {json.dumps([ID_TOKEN_FORMAT])}\n"
            f'[tls]\nca_file = "{self.ca_file}"\n[features]\n{features}\n'
            f'[driver]\nidentity = ["email"]\n{driver}\n{self._tables()}\n{more}\n',
            encoding="utf-8",
        )
        return path

    def _tables(self) -> str:
        key = self.deployment.provider_key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        (self.folder / "provider.pem").write_bytes(key)
        lines = [
            f'[driver.claims]\nissuer = "{IDENTITY_PROVIDER}"\nkey_file = "provider.pem"',
            f'key_id = "{KEY_ID}"',
        ]
        for name, redirects in REDIRECTS.items():
            secret = f'client_secret_env = "{variable(name)}"' if name in CLIENT_SCOPES else ""
            lines += [
                f"[driver.clients.{name}]\n{secret}",
                f"scopes = {json.dumps(sorted(CLIENT_SCOPES.get(name, ())))}",
                f"claims_redirect_uris = {json.dumps(redirects.claims)}",
                f"redirect_uris = {json.dumps(redirects.oauth)}",
            ]
        for server in ("rs", "other-rs"):
            for owner in ("alice", "dana"):
                client = f"{server}-{owner}"
                lines += [
                    f'[driver.pats.{server}.{owner}]\nclient_id = "{client}"',
                    f'client_secret_env = "{variable(client)}"',
                ]
        for party in ("bob", "carol", "alice"):
            lines += [
                f'[driver.parties.{party}]\nsub = "party-{party}"',
                f'email = "{identity(party)}"\nrole = "{role_of(party)}"',
            ]
        return "\n".join(lines)

    @contextmanager
    def hook_server(self) -> Generator[str]:
        """Run the example of the documentation, and yield its address."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        environment = {
            **os.environ,
            "AS": self.issuer,
            "AS_CA": str(self.ca_file),
            "AS_PASSWORDS": json.dumps(dict(self.deployment.passwords)),
            "IDENTITY_PROVIDER": IDENTITY_PROVIDER,
            "UMA2_HOOK_SECRET": HOOK_SECRET,
        }
        with subprocess.Popen(
            [sys.executable, str(HOOK_SERVER), str(port)],
            env=environment,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                _wait_for(port)
                yield f"http://127.0.0.1:{port}"
            finally:
                process.terminate()

    def pages(self) -> str:
        """Return what is to be done on the pages of the reference in a browser."""
        return f"""
[browser]
executable = "{CHROMIUM}"
arguments = ["--no-sandbox"]
[browser.parties.bob]
name = "bob"
password_env = "{variable("bob")}_PASSWORD"
[browser.parties.carol]
name = "carol"
password_env = "{variable("carol")}_PASSWORD"
[[browser.steps]]
when = "form[action$='/sign-in']"
fill = {{ "#name" = "{{name}}", "#password" = "{{password}}" }}
click = "form[action$='/sign-in'] button"
[[browser.steps]]
when = "form[action$='/claims/visit']"
wishes = ["go on"]
click = "button[value=continue]"
[[browser.steps]]
when = "form[action$='/claims/visit']"
wishes = ["be remembered"]
tick = ["#persist"]
click = "button[value=continue]"
[[browser.steps]]
when = "form[action$='/claims/visit']"
wishes = ["cancel"]
click = "button[value=cancel]"
"""

    def driver(self) -> BuiltinDriver:
        """Return the built-in driver of this server, to set things up beforehand."""
        return BuiltinDriver(self.issuer, self.deployment, verify=trust(self.ca_file))

    def person(self, driver: BuiltinDriver) -> "Person":
        """Return somebody who sets things up here with that driver."""
        return Person(driver, self.deployment.passwords)

    def set_up(self, states: Iterable[State]) -> str:
        """Set up resources as by hand, and return them as a target file declares them."""
        text = resources_to_set_up(states)
        driver = self.driver()
        try:
            with httpx.Client(verify=trust(self.ca_file), trust_env=False) as http:
                found = http.get(f"{self.issuer}/.well-known/uma2-configuration").json()
                place = str(found["resource_registration_endpoint"])
                for number, state in enumerate(states, 1):
                    pat = driver.pat(state.owner, state.resource_server)
                    answer = http.post(
                        f"{place.rstrip('/')}/",
                        headers={"authorization": f"Bearer {pat}"},
                        json={"name": f"By hand {number}", "resource_scopes": list(state.scopes)},
                    )
                    given = str(answer.json()["_id"])
                    driver.set_policy(state.owner, given, state.policies)
                    text = text.replace(f'"resource-{number}"', f'"{given}"')
        finally:
            driver.close()
        return text


@dataclass(slots=True)
class Person:
    """Does at the reference what the driver `manual` asks for, and answers its questions."""

    driver: BuiltinDriver
    passwords: Mapping[str, str]
    asked: list[str] = field(default_factory=list[str])
    _visit: tuple[str, str] = ("", "")

    def answer(self, said: str, question: str) -> str:
        """Answer a question; `said` is what was shown since the last one."""
        self.asked.append(question)
        if question.startswith("Press Enter when it is so"):
            self._do(said)
            return ""
        if found := re.search(
            r"(\w+) visits the claims interaction endpoint and wishes (.*)\.", said
        ):
            self._visit = found.group(1), found.group(2)
            return ""
        party, wish = self._visit
        label = "cancel" if "cancel" in wish else "continue"
        choices = {str(line[2]): str(line[1]) for line in re.finditer(r"(\d): (.*\S)", said)}
        answers = {
            "name [": party,
            "password": self.passwords.get(party, ""),
            "tick": "y" if "remembered" in wish else "",
            "Which form": choices.get(f"{self.driver.issuer}/claims/visit", ""),
            "Which button": choices.get(f"decision {label}", ""),
            "Is it still so?": "",
        }
        return next(answer for part, answer in answers.items() if part in question)

    def _do(self, said: str) -> None:
        if found := re.search(r"As (\w+), let the policies of the resource (\S+) be: (.*)\.", said):
            self.driver.set_policy(found.group(1), found.group(2), policies_of(found.group(3)))
        elif found := re.search(r"As (\w+), (approve|deny) .* the resource (\S+) that", said):
            approve = found.group(2) == "approve"
            self.driver.settle(found.group(1), found.group(3), approve=approve)
        else:
            some = re.search(r"Let (\d+) seconds pass", said)
            assert some or "Let every permission ticket" in said, said
            self.driver.pass_time(float(some.group(1)) if some else TICKET_SECONDS + 1)


_IN_WORDS = re.compile(
    r"(\w+) may (.+?)(?:, if also (\w+) is (\w+))?(, after telling .* only)?(, after the owner .*)?"
)


def policies_of(words: str) -> list[Policy]:
    """Return the policies that the driver `manual` puts into words."""
    if words == "nobody may do anything":
        return []
    found = [_IN_WORDS.fullmatch(part) for part in words.split("; ")]
    assert all(found), words
    return [
        Policy(
            frozenset(str(item[2]).split(", ")),
            str(item[1]),
            {str(item[3]): str(item[4])} if item[3] else {},
            ask=bool(item[6]),
            by_visit=bool(item[5]),
        )
        for item in found
        if item
    ]


def variable(name: str) -> str:
    """Return the environment variable for the secret of somebody."""
    return f"TEST_{name.replace('-', '_').upper()}"


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex((min(LOOPBACK), port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on port {port}")


@pytest.fixture
def person(reference: Reference) -> Generator[Person]:
    """Return somebody who can set things up at the reference."""
    driver = reference.driver()
    yield reference.person(driver)
    driver.close()


@pytest.fixture(scope="session")
def has_chromium() -> bool:
    """Tell whether there is a browser to visit pages with."""
    return bool(CHROMIUM)


@pytest.fixture(scope="session")
def states() -> tuple[State, ...]:
    """Return the states in which the suite wants resources."""
    return states_wanted()


def outcomes(arguments: list[str], out: Path) -> dict[str, str]:
    """Run `uma2 certify` and return the outcome of each planned row."""
    result = CliRunner().invoke(application(), ["certify", *arguments, "--out", str(out)])
    assert result.exit_code in {0, 3}, result.output
    record = object_of(json.loads((out / "run.json").read_text("utf-8")))
    rows = map(object_of, array_of(record["rows"]))
    return {str(row["id"]): str(row["outcome"]) for row in rows if row["planned"]}


@pytest.fixture
def certified(tmp_path: Path) -> Callable[[Path], dict[str, str]]:
    """Return what certifies a target file."""
    return lambda path: outcomes([str(path)], tmp_path / "report")


@pytest.fixture(scope="session")
def own_outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return how each row ends with the built-in driver."""
    return outcomes([], tmp_path_factory.mktemp("own"))


@contextmanager
def serving_reference(folder: Path) -> Generator[Reference]:
    """Serve the reference over TLS, with its secrets in the environment.

    Its tickets live for a few seconds, so that those who cannot move its clock can wait.
    """
    deployment = fresh_deployment()
    document = deployment.document("")
    lifetimes = {**object_of(document["lifetimes"]), "ticket_seconds": TICKET_SECONDS}
    with (
        pytest.MonkeyPatch.context() as patch,
        serve({**document, "lifetimes": lifetimes}) as server,
    ):
        found = Reference(server.issuer, server.ca_file, deployment, folder)
        for name, value in found.environment.items():
            patch.setenv(name, value)
        yield found


@pytest.fixture(scope="session")
def serve_reference() -> Serving:
    """Return what serves the reference, with that folder for its files, until a block ends."""
    return serving_reference


@pytest.fixture
def reference(tmp_path: Path) -> Generator[Reference]:
    """Serve the reference until the test ends."""
    with serving_reference(tmp_path) as found:
        yield found
