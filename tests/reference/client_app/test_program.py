"""The application as a program over TLS, and what it says when it cannot start."""

import json
import ssl
import subprocess
import sys
from io import StringIO
from pathlib import Path

import httpx
import pytest

from uma_reference.client_app.serving import run
from uma_reference.tls import make_authority

Document = dict[str, object]


def started(document: object, *arguments: str) -> tuple[int, str, str]:
    """Run the program in this process, with what makes it stop at once."""
    out, complaint = StringIO(), StringIO()
    every = ["--config=-", "--tls-cert=none.pem", "--tls-key=none.key", *arguments]
    status = run(every, StringIO(json.dumps(document)), out, complaint)
    return status, out.getvalue(), complaint.getvalue()


def test_it_listens_on_loopback_only(app_document: Document) -> None:
    status, out, complaint = started(app_document, "--host=0.0.0.0")
    assert (status, out) == (2, "")
    assert "--allow-remote" in complaint


def test_a_wrong_configuration_is_named(app_document: Document) -> None:
    status, out, complaint = started({**app_document, "resource_servers": []})
    assert (status, out) == (2, "")
    assert "resource_servers: name the origin" in complaint


def test_a_file_of_authorities_that_cannot_be_read_is_named(app_document: Document) -> None:
    status, _, complaint = started({**app_document, "ca_file": "/nowhere/ca.pem"})
    assert status == 2
    assert "ca_file: /nowhere/ca.pem" in complaint


def test_a_wallet_that_cannot_be_read_is_named(app_document: Document, tmp_path: Path) -> None:
    wallet = tmp_path / "wallet.json"
    wallet.write_text("nonsense")
    wallet.chmod(0o600)
    status, _, complaint = started({**app_document, "wallet": str(wallet)})
    assert status == 2
    assert f"wallet: {wallet}" in complaint


@pytest.mark.parametrize("with_base", [True, False])
def test_it_serves_over_tls(app_document: Document, tmp_path: Path, *, with_base: bool) -> None:
    authority = make_authority(tmp_path)
    certificate = authority.issue("127.0.0.1", "localhost")
    if not with_base:
        del app_document["base"]
    config = tmp_path / "app.json"
    config.write_text(json.dumps(app_document))
    command = [
        *(sys.executable, "-m", "uma_reference.client_app", f"--config={config}"),
        f"--tls-cert={certificate.certificate_file}",
        f"--tls-key={certificate.key_file}",
    ]
    trust = ssl.create_default_context(cafile=authority.certificate_file)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            ready = json.loads(process.stdout.readline())
            place = f"https://127.0.0.1:{ready['port']}"
            assert ready["base"] == (app_document["base"] if with_base else place)
            with httpx.Client(verify=trust, trust_env=False) as client:
                answer = client.get(f"{place}/sign-in")
            assert "<h1>Sign in</h1>" in answer.text
            assert "server" not in answer.headers
        finally:
            process.terminate()
