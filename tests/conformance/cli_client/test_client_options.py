"""The options of `uma2 client`: what they do, and what bad ones lead to."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from typer.testing import CliRunner, Result

from uma_conformance.cli.client import client_commands

if TYPE_CHECKING:
    from tests.conformance.cli_client.conftest import Scripted
else:
    Scripted = Any

GRANT: dict[str, object] = {"access_token": "canary-rpt"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--client-secret-env=NOT_SET_AT_ALL", "--client-id=c"], "NOT_SET_AT_ALL"),
        (["--client-secret-env=HOME"], "--client-id"),
        (["--client-key=missing.pem", "--client-id=c"], "missing.pem"),
        (["--client-id=c", "--client-secret-env=HOME", "--client-auth=magic"], "magic"),
        (["--claim-token=missing.jwt"], "missing.jwt"),
        (["--data=missing.txt"], "missing.txt"),
        (["--out=missing/folder/file"], "missing/folder"),
    ],
)
def test_bad_options_end_with_status_2(
    uma2: Callable[..., Result], arguments: list[str], words: str
) -> None:
    result = uma2("get", "https://rs.example/", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr


@pytest.mark.parametrize(
    ("option", "content"),
    [("--claim-token", "canary no jwt"), ("--client-key", "canary"), ("--ca-file", "canary")],
)
def test_bad_files_are_named_and_not_quoted(tmp_path: Path, option: str, content: str) -> None:
    file = tmp_path / "bad-file"
    file.write_text(content)
    arguments = ["get", "https://rs.example/", "--client-id=c", f"{option}={file}"]
    result = CliRunner().invoke(client_commands(), arguments)
    assert result.exit_code == 2
    assert "bad-file" in result.stderr
    assert "canary" not in result.stderr


def test_a_damaged_wallet_ends_with_status_2(
    uma2: Callable[..., Result], wallet_file: Path
) -> None:
    wallet_file.write_text("canary")
    wallet_file.chmod(0o600)
    for command in (["get", "https://rs.example/"], ["forget"]):
        result = uma2(*command)
        assert result.exit_code == 2
        assert "move the file away" in result.stderr
        assert "canary" not in result.stderr


def test_a_port_that_is_taken_ends_with_status_2(uma2: Callable[..., Result]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = uma2("get", "https://rs.example/", f"--callback-port={port}")
    assert result.exit_code == 2
    assert str(port) in result.stderr


def test_a_key_of_the_client_signs(
    script: Scripted, uma2: Callable[..., Result], tmp_path: Path
) -> None:
    script.answers.append(GRANT)
    file = tmp_path / "client.pem"
    key = ec.generate_private_key(ec.SECP256R1())
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    result = uma2("get", f"{script.base}/photo", "--client-id=c", f"--client-key={file}")
    assert result.exit_code == 0
    assert script.forms[0]["client_assertion"].count(".") == 2
    assert script.registered == []


@pytest.mark.parametrize("more", [["--client-id=c"], []])
def test_no_other_server_than_the_given_one_is_dealt_with(
    script: Scripted, uma2: Callable[..., Result], more: list[str]
) -> None:
    result = uma2("get", f"{script.base}/photo", "--issuer=https://as.example", *more)
    assert result.exit_code == 1
    assert script.forms == script.registered == []


@pytest.mark.parametrize("what", ["a secret", "claims"])
def test_what_is_secret_needs_the_server_it_is_for(
    script: Scripted,
    uma2: Callable[..., Result],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    monkeypatch.setenv("UMA_TEST_SECRET", "canary")
    claims = tmp_path / "claims.jwt"
    claims.write_text("eyJ.eyJ.canary")
    options = {
        "a secret": "--client-secret-env=UMA_TEST_SECRET",
        "claims": f"--claim-token={claims}",
    }
    result = uma2("get", f"{script.base}/photo", "--client-id=c", options[what])
    assert result.exit_code == 2
    assert f"--issuer: {what} need" in result.stderr
    assert script.forms == []
