"""`uma2 serve` as a program: everything starts, a client gets what is shared, and it stops."""

import json
import re
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

SECONDS = 60


class Served:
    """The running command, with the addresses that it printed."""

    def __init__(self, process: "subprocess.Popen[str]", folder: Path) -> None:
        self.process = process
        self.folder = folder
        self.printed = self._printed()
        self.issuer = self._address("authorization server").removesuffix("/my/resources")
        self.clinic = self._address("resource server clinic")
        self.client = self._address("client")
        trust = ssl.create_default_context(cafile=folder / "ca.pem")
        self.http = httpx.Client(verify=trust, trust_env=False, timeout=SECONDS)

    def password(self, name: str) -> str:
        kept = json.loads((self.folder / "secrets.json").read_text("utf-8"))
        return str(kept["passwords"][name])

    def stop(self, number: int = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.http.close()
        self.process.communicate(timeout=SECONDS)
        return self.process.returncode

    def _printed(self) -> str:
        assert self.process.stdout is not None
        lines: list[str] = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith("Passwords and secrets are kept"):
                return "".join(lines)
        _, complaint = self.process.communicate()
        pytest.fail(f"it ended: {complaint}")

    def _address(self, name: str) -> str:
        found = re.search(rf"^{name} +(https://\S+)", self.printed, re.MULTILINE)
        assert found is not None, self.printed
        return found[1]


def four_free_ports() -> int:
    """Return the first of four ports in a row that nobody has now."""
    for first in range(20_000, 30_000, 4):
        with ExitStack() as opened:
            try:
                for port in range(first, first + 4):
                    opened.enter_context(socket.create_server(("127.0.0.1", port)))
            except OSError:
                continue
            return first
    pytest.fail("there are no four free ports")


@contextmanager
def served(folder: Path, *arguments: str, port: int = 0) -> Generator[Served]:
    command = [sys.executable, "-m", "uma_conformance", "serve", f"--port={port}"]
    process = subprocess.Popen(
        [*command, f"--folder={folder}", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    running = Served(process, folder)
    try:
        yield running
    finally:
        running.stop()


def test_everything_starts_with_logins_and_stops_in_order(tmp_path: Path) -> None:
    with served(tmp_path) as running:
        for name in ("alice", "ben", "osei", "dana"):
            assert running.password(name) in running.printed
        documents = f"{running.clinic}/owners/alice/documents"
        answer = running.http.get(f"{documents}/prescription")
        assert answer.status_code == 401
        assert f'as_uri="{running.issuer}"' in answer.headers["www-authenticate"]
        assert running.http.get(f"{running.client}/sign-in").status_code == 200
        assert running.stop() == 0


def test_what_was_set_up_outlives_the_command_in_a_database(tmp_path: Path) -> None:
    database = f"--database=sqlite:///{tmp_path / 'uma.db'}"
    port = four_free_ports()
    with served(tmp_path, database, "--workers=2", port=port) as running:
        owner = ("alice", running.password("alice"))
        before = running.http.get(f"{running.issuer}/owner/events", auth=owner)
        assert before.status_code == 200
        policies = policies_of(running)
        assert len(policies) == 3
        assert running.stop(signal.SIGTERM) == 0
    with served(tmp_path, database, port=port) as running:
        assert policies_of(running) == policies


def policies_of(running: Served) -> set[str]:
    """Return the identifiers of the policies of all of Alice's resources."""
    owner = ("alice", running.password("alice"))
    found: set[str] = set()
    for resource_id in resources_of(running):
        place = f"{running.issuer}/owner/resources/{resource_id}/policies"
        found |= {str(item["id"]) for item in running.http.get(place, auth=owner).json()}
    return found


def resources_of(running: Served) -> set[str]:
    kept = json.loads((running.folder / "secrets.json").read_text("utf-8"))["clients"]
    found: set[str] = set()
    for client in ("clinic-alice", "lab-alice"):
        form = {"grant_type": "client_credentials", "scope": "uma_protection"}
        auth = (client, kept[client])
        pat = running.http.post(f"{running.issuer}/token", data=form, auth=auth).json()
        headers = {"authorization": f"Bearer {pat['access_token']}"}
        found |= set(running.http.get(f"{running.issuer}/rreg", headers=headers).json())
    return found
