"""`uma2 serve`: what it refuses, and why it says so."""

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from uma_conformance.cli import application


def run(*arguments: str) -> Result:
    return CliRunner().invoke(application(), ["serve", *arguments], env={"COLUMNS": "200"})


@pytest.mark.parametrize("command", [(), ("as", "--config=x"), ("rs", "--config=x")])
def test_it_does_not_listen_beyond_loopback_unasked(command: tuple[str, ...]) -> None:
    result = run(*command, "--host=0.0.0.0")
    assert result.exit_code == 2
    assert "--host 0.0.0.0: it is not a loopback address; add --allow-remote" in result.output


def test_beyond_loopback_it_wants_a_certificate() -> None:
    result = run("--host=0.0.0.0", "--allow-remote")
    assert result.exit_code == 2
    assert "beyond loopback, --tls-cert and --tls-key are needed" in result.output


def test_a_certificate_needs_its_key(tmp_path: Path) -> None:
    result = run(f"--tls-cert={tmp_path / 'cert.pem'}")
    assert result.exit_code == 2
    assert "--tls-cert and --tls-key: give both" in result.output


def test_a_certificate_that_is_not_there_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "cert.pem"
    result = run(f"--tls-cert={missing}", f"--tls-key={missing}", f"--folder={tmp_path}")
    assert result.exit_code == 2
    assert f"--tls-cert {missing}: there is no such file" in result.output


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = min(taken.getsockname()[1], 65532)
        result = run(f"--port={port}", f"--folder={tmp_path}")
    assert result.exit_code == 2
    assert f"--port {port}: it and the three after it have to be free" in result.output


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("")
    result = run(f"--folder={tmp_path / 'folder'}", "--port=0")
    assert result.exit_code == 2
    assert f"--folder {tmp_path / 'folder'}" in result.output


def test_a_folder_with_something_else_in_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text("[]")
    result = run(f"--folder={tmp_path}", "--port=0")
    assert result.exit_code == 2
    assert "secrets.json: it is not what was written there; remove it" in result.output


def test_a_configuration_that_is_not_there_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    result = run("as", f"--config={tmp_path / 'as.json'}", "--port=0")
    assert result.exit_code == 2
