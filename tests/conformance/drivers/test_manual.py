"""The driver `manual` at a real terminal, with somebody who does what it asks for."""

import errno
import json
import os
import pty
import select
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import httpx
import pytest
from typer.testing import CliRunner

from uma_conformance.actors.actor import Journal
from uma_conformance.actors.user_agent import UserAgent
from uma_conformance.cli import application
from uma_conformance.drivers.manual import ManualDriver
from uma_conformance.drivers.protocol import (
    OWNER,
    RESOURCE_SERVER,
    DriverError,
    Policy,
    Unsupported,
    Wish,
)
from uma_conformance.jsonvalue import array_of, object_of
from uma_conformance.redaction import Redactor
from uma_conformance.target import parse_target
from uma_conformance.wire import Limits, Wire

pytestmark = pytest.mark.long

_HEAD = (
    '[target]\nname = "x"\nrole = "as"\nissuer = "https://as.example"\n[driver]\nkind = "manual"\n'
)
_PATIENCE_SECONDS = 30
_VIEW = frozenset({"view"})
_TAKE_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "os.execv(sys.argv[1], sys.argv[1:])"
)
_QUESTIONS = (
    "cannot be: ",
    "[Y/n] ",
    "[y/N] ",
    "[]: ",
    "password: ",
    "form? [1] ",
    "button? [1] ",
    "there is none): ",
)


class Reference(Protocol):
    @property
    def environment(self) -> Mapping[str, str]: ...
    def target_file(self, driver: str, more: str = "") -> Path: ...


class Person(Protocol):
    asked: list[str]

    def answer(self, said: str, question: str) -> str: ...


def at_a_terminal(arguments: list[str], person: Person) -> tuple[int, str]:
    """Run a command on a terminal of its own, where somebody answers; return status and screen."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "uma_conformance", *arguments]
    with subprocess.Popen(
        [sys.executable, "-c", _TAKE_TERMINAL, *command],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as process:
        os.close(theirs)
        screen = said = ""
        while True:
            if not select.select([ours], [], [], _PATIENCE_SECONDS)[0]:
                process.kill()
                pytest.fail(f"nothing happened for a while: {screen[-2000:]}")
            if not (chunk := _read(ours)):
                break
            screen += chunk
            said += chunk
            if said.endswith(_QUESTIONS):
                text, _, question = said.replace("\r", "").rpartition("\n")
                said = ""
                os.write(ours, f"{person.answer(text, question)}\n".encode())
    os.close(ours)
    return process.returncode, screen


def _read(descriptor: int) -> str:
    try:
        return os.read(descriptor, 65536).decode("utf-8", "replace")
    except OSError as error:
        # What Linux says when nobody has the other end open any more.
        if error.errno != errno.EIO:
            raise
        return ""


def test_rows_end_as_with_the_built_in_driver_and_answers_are_offered_again(
    reference: Reference, person: Person, own_outcomes: dict[str, str], tmp_path: Path
) -> None:
    path = reference.target_file('kind = "manual"')
    status, screen = at_a_terminal(["doctor", str(path)], person)
    assert status == 0, screen
    first = len(person.asked)
    status, screen = at_a_terminal(["certify", str(path), "--out", str(tmp_path / "out")], person)
    assert status in {0, 3}, screen
    record = object_of(json.loads((tmp_path / "out" / "run.json").read_text("utf-8")))
    rows = map(object_of, array_of(record["rows"]))
    found = {str(row["id"]): str(row["outcome"]) for row in rows if row["planned"]}
    assert found == own_outcomes
    again = [question for question in person.asked[first:] if "Is it still so?" in question]
    assert again
    kept = (path.parent / "manual-answers.json").read_text("utf-8")
    assert object_of(json.loads(kept))["cannot"] == {}
    for value in (*reference.environment.values(),):
        assert value not in kept
        assert value not in screen


class Scripted:
    """A terminal with answers that stand ready."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.said: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)

    def ask(self, question: str) -> str:
        self.said.append(question)
        return self.answers.pop(0)

    def ask_secretly(self, question: str) -> str:
        return self.ask(question)


def manual(folder: Path, *answers: str, text: str = "") -> tuple[ManualDriver, Scripted]:
    terminal = Scripted(*answers)
    target = parse_target(_HEAD + text, "mine.toml", folder)
    return ManualDriver.from_target(target, {}, terminal), terminal


def prepared(driver: ManualDriver, policy: Policy, *taken: str) -> str:
    return driver.prepared(OWNER, RESOURCE_SERVER, _VIEW, (policy,), frozenset(taken))


def test_what_was_set_up_is_given_to_later_probes(tmp_path: Path) -> None:
    driver, terminal = manual(tmp_path, "")
    policy = Policy(_VIEW)
    assert prepared(driver, policy) == ""
    driver.set_policy(OWNER, "one", [policy])
    assert prepared(driver, policy) == "one"
    assert prepared(driver, policy, "one") == ""
    assert prepared(driver, Policy(_VIEW, ask=True)) == ""
    assert terminal.answers == []


def test_a_later_run_asks_whether_it_is_still_so(tmp_path: Path) -> None:
    policy = Policy(_VIEW, also={"role": "doctor"})
    driver, _ = manual(tmp_path, "")
    assert prepared(driver, policy) == ""
    driver.set_policy(OWNER, "one", [policy])
    later, _ = manual(tmp_path, "")
    assert [prepared(later, policy) for _ in range(2)] == ["one", "one"]
    doubtful, terminal = manual(tmp_path, "no")
    assert prepared(doubtful, policy) == ""
    assert "bob may view, if also role is doctor" in terminal.said[0]
    after, _ = manual(tmp_path)
    assert prepared(after, policy) == ""


def test_what_was_changed_is_not_offered(tmp_path: Path) -> None:
    driver, _ = manual(tmp_path, "", "", "", "")
    policy = Policy(_VIEW)
    prepared(driver, policy)
    driver.set_policy(OWNER, "one", [policy])
    driver.set_policy(OWNER, "one", [])
    assert prepared(driver, policy) == ""
    driver.set_policy(OWNER, "one", [policy])
    driver.settle(OWNER, "one", approve=True)
    assert prepared(driver, policy) == ""


def test_what_cannot_be_is_asked_for_once(tmp_path: Path) -> None:
    driver, _ = manual(tmp_path, "we have no such policies")
    with pytest.raises(Unsupported, match="we have no such policies"):
        driver.set_policy(OWNER, "one", [Policy(_VIEW, ask=True)])
    for again in (driver, manual(tmp_path)[0]):
        with pytest.raises(Unsupported, match=r"we have no such policies \(answered before"):
            prepared(again, Policy(_VIEW, "carol", ask=True))


def test_tokens_are_pasted_once_and_not_kept(tmp_path: Path) -> None:
    driver, terminal = manual(tmp_path, "a-pat-of-alice", "")
    assert {driver.pat(OWNER, RESOURCE_SERVER) for _ in range(2)} == {"a-pat-of-alice"}
    assert terminal.answers == [""]
    with pytest.raises(Unsupported, match="nobody has an access token"):
        driver.plain_token(OWNER, RESOURCE_SERVER)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    ["no JSON", "[]", '{"format": "uma2-manual/1", "issuer": "https://as.example"}', "\udcff"],
)
def test_a_state_file_of_another_kind_is_named_and_kept(tmp_path: Path, content: str) -> None:
    (tmp_path / "mine.json").write_text(content, "utf-8", "surrogateescape")
    with pytest.raises(DriverError, match=r"driver\.state_file: .*mine\.json"):
        manual(tmp_path, text='state_file = "mine.json"\n')
    assert (tmp_path / "mine.json").read_text("utf-8", "surrogateescape") == content


def test_a_state_file_of_another_target_is_refused(tmp_path: Path) -> None:
    driver, _ = manual(tmp_path, "no")
    with pytest.raises(Unsupported):
        driver.settle(OWNER, "one", approve=False)
    with pytest.raises(DriverError, match=r"driver\.state_file: .* another issuer"):
        ManualDriver.from_target(
            parse_target(_HEAD.replace("as.example", "other.example"), "mine.toml", tmp_path),
            {},
            Scripted(),
        )


def test_without_a_terminal_the_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(_HEAD)
    result = CliRunner().invoke(application(), ["doctor", str(tmp_path / "mine.toml")])
    assert result.exit_code == 2
    assert "mine.toml: driver.kind: 'manual' asks at a terminal" in result.output


def test_a_pasted_address_is_recorded_as_seen_elsewhere(tmp_path: Path) -> None:
    answering = httpx.MockTransport(lambda _: httpx.Response(200, text="<p>"))
    wire = Wire(Redactor(b"key"), Limits(), transport=answering)
    agent = UserAgent(Journal(wire, "visit"), "https://as.example")
    page = agent.get("https://as.example/claims?ticket=ticket-of-bob-1")
    driver, terminal = manual(tmp_path, "https://app.example/c?ticket=ticket-of-bob-2")
    end = driver.act_as("bob", agent, page, Wish.GO_ON)
    wire.close()
    assert end.redirect == "https://app.example/c?ticket=ticket-of-bob-2"
    assert any("https://as.example/claims?ticket=ticket-of-bob-1" in line for line in terminal.said)
    last = wire.recorded[-1]
    assert "seen elsewhere" in last.purpose
    assert agent.elsewhere
    assert "ticket-of-bob" not in repr(wire.recorded)
    assert list(tmp_path.iterdir()) == []
