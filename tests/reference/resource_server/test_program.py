"""The server as a program: over TLS before the authorization server's program, and refusing."""

import json
import signal
import ssl
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import httpx
import pytest

from uma_reference.authorization_server import serve
from uma_reference.client import Credentials, Done, HttpxSender, UmaClient
from uma_reference.resource_server.serving import run
from uma_reference.tls import Certificate, make_authority

ALICE = ("alice", "alice-rs-password")
CLIENT = {"id": "client", "secret": "client-secret"}
PAT_CLIENT = {"id": "rs-alice", "secret": "rs-alice-secret"}
Json = dict[str, object]
Running = Callable[..., "subprocess.Popen[str]"]


def config(issuer: str, ca_file: Path) -> Json:
    notes = {"id": "notes", "name": "Notes", "content": "over TLS"}
    alice = {"id": "alice", "password": ALICE[1], "client": PAT_CLIENT, "documents": [notes]}
    server = {"issuer": issuer, "ca_file": str(ca_file)}
    return {"authorization_server": server, "owners": [alice], "retry_seconds": 1}


@contextmanager
def started(certificate: Certificate, document: Json, *more: str) -> Generator[str]:
    """Run the program until the block ends; give the URL."""
    command = [sys.executable, "-m", "uma_reference.resource_server", "--config=-"]
    command += [f"--tls-cert={certificate.certificate_file}", f"--tls-key={certificate.key_file}"]
    process = subprocess.Popen(
        [*command, *more],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(document) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        assert line, process.communicate(timeout=10)[1]
        yield str(json.loads(line)["url"])
    finally:
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=20)
    assert ALICE[1] not in told
    assert "Traceback" not in told


def test_both_programs_serve_a_client_and_remember(tmp_path: Path) -> None:
    certificate = make_authority(tmp_path).issue("127.0.0.1")
    own = tmp_path / "ca.pem"
    pat_client = {**PAT_CLIENT, "scopes": ["uma_protection"], "owner": "alice"}
    document: Json = {
        "owners": [{"id": "alice", "password": "alice-password"}],
        "clients": [CLIENT, {**pat_client, "resource_server": "rs"}],
    }
    database = f"--database=sqlite:///{tmp_path}/rs.db"
    with serve(document) as server:
        trust = ssl.create_default_context(cafile=server.ca_file)
        trust.load_verify_locations(own)
        found = config(server.issuer, server.ca_file)
        with started(certificate, found, database) as url, httpx.Client(verify=trust) as http:
            listing = _registered(http, f"{url}/owners/alice/documents")
            # The program registers by itself, before anybody asks.
            resource = listing["resource_id"]
            place = f"{server.issuer}/owner/resources/{resource}/policies"
            policy = {"scopes": ["view"], "anyone": True}
            http.post(place, json=policy, auth=("alice", "alice-password")).raise_for_status()
            sender = HttpxSender(verify=trust)
            credentials = Credentials("client", "client_secret_basic", "client-secret")
            outcome = UmaClient(sender, credentials=credentials).get(str(listing["url"]))
            sender.close()
            assert isinstance(outcome, Done), outcome
            assert outcome.response.body == b'"over TLS"'
        with started(certificate, found, database) as url, httpx.Client(verify=trust) as http:
            again = _registered(http, f"{url}/owners/alice/documents")
            assert again["resource_id"] == resource
    assert stat.S_IMODE((tmp_path / "rs.db").stat().st_mode) == 0o600


def test_it_serves_the_owner_without_an_authorization_server(tmp_path: Path) -> None:
    certificate = make_authority(tmp_path).issue("127.0.0.1")
    own = tmp_path / "ca.pem"
    found = config("https://127.0.0.1:1", own)
    with started(certificate, found) as url:
        trust = ssl.create_default_context(cafile=own)
        with httpx.Client(verify=trust, base_url=url) as http:
            place = "/owners/alice/documents/notes"
            assert http.get(place, auth=ALICE).json() == "over TLS"
            answer = http.get(place)
            assert answer.status_code == 403
            assert answer.headers["warning"] == '199 - "UMA Authorization Server Unreachable"'
            assert "server" not in answer.headers


def _registered(http: httpx.Client, listing: str) -> Json:
    for _ in range(100):
        (found,) = http.get(listing, auth=ALICE).json()["documents"]
        if found["registered"]:
            return dict(found)
        time.sleep(0.1)
    raise AssertionError("the document was not registered")


def refused(*arguments: str, stdin: str = "{}") -> str:
    """Run the program with arguments by which it cannot start; return its complaint."""
    out, complaint = StringIO(), StringIO()
    every = ["--config=-", "--tls-cert=none.pem", "--tls-key=none.key", *arguments]
    assert run(every, StringIO(stdin), out, complaint) == 2
    assert not out.getvalue()
    return complaint.getvalue()


@pytest.mark.parametrize("text", ["", "{", "[]", "1", "{}", '{"owners": 1}'])
def test_a_wrong_configuration_is_told(text: str) -> None:
    assert refused(stdin=text).startswith("-: ")


def test_it_stays_on_loopback_unless_told_otherwise() -> None:
    assert "--allow-remote" in refused("--host=192.0.2.1")


def test_a_ca_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    document = config("https://as.example", tmp_path / "none.pem")
    assert "authorization_server.ca_file" in refused(stdin=json.dumps(document))
    (tmp_path / "none.pem").write_text("no certificate")
    assert "authorization_server.ca_file" in refused(stdin=json.dumps(document))


def test_a_database_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    make_authority(tmp_path)
    text = json.dumps(config("https://as.example", tmp_path / "ca.pem"))
    assert "--database" in refused("--database=mysql://x", stdin=text)
    file = tmp_path / "rs.db"
    file.touch()
    file.chmod(0o644)
    assert "chmod 600" in refused(f"--database=sqlite:///{file}", stdin=text)
