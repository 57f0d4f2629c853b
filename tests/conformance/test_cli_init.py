"""`uma2 init`: a target file to start from, written from a discovery document."""

import json
from collections.abc import Generator
from pathlib import Path

import httpx
import pytest
import respx
from typer.testing import CliRunner

from uma_conformance.cli import application
from uma_conformance.drivers.builtin import fresh_deployment
from uma_conformance.drivers.choice import CHOICES
from uma_conformance.target import load_target
from uma_reference.launching import RunningServer, serve

ISSUER = "https://as.example"
DOCUMENT = f"{ISSUER}/.well-known/uma2-configuration"


@pytest.fixture(scope="module")
def server() -> Generator[RunningServer]:
    with serve(fresh_deployment().document("")) as running:
        yield running


def init(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(application(), ["init", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def test_a_target_file_shows_what_the_server_says(server: RunningServer, tmp_path: Path) -> None:
    out = tmp_path / "mine.toml"
    status, output = init(server.issuer, "--ca-file", server.ca_file, "--out", out)
    assert status == 0, output
    assert f"uma2 doctor {out}" in output
    target = load_target(out)
    assert (target.issuer, target.driver, target.role) == (server.issuer, "hook", "as")
    assert target.ca_file is not None
    assert target.ca_file.samefile(server.ca_file)
    shown = {"introspection", "interactive-claims", "dynamic-registration", "revocation"}
    assert shown <= {name for name, declared in target.features.items() if declared}
    assert "pct" not in target.features
    assert "# pct = true" in out.read_text("utf-8")


@pytest.mark.parametrize("kind", CHOICES)
def test_each_driver_can_be_written_for(server: RunningServer, tmp_path: Path, kind: str) -> None:
    out = tmp_path / "mine.toml"
    arguments = (server.issuer, "--ca-file", server.ca_file, "--out", out, "--driver", kind)
    status, output = init(*arguments)
    assert status == 0, output
    assert load_target(out).driver == kind


def test_the_doctor_names_what_is_to_be_filled_in(server: RunningServer, tmp_path: Path) -> None:
    out = tmp_path / "mine.toml"
    assert init(server.issuer, "--ca-file", server.ca_file, "--out", out)[0] == 0
    result = CliRunner().invoke(application(), ["doctor", str(out)])
    assert result.exit_code == 2
    assert f"{out}: driver.clients.app.client_secret_env" in result.output
    assert "UMA2_APP_SECRET is not set" in result.output


def test_a_file_is_never_overwritten(server: RunningServer, tmp_path: Path) -> None:
    out = tmp_path / "mine.toml"
    out.write_text("precious")
    status, output = init(server.issuer, "--ca-file", server.ca_file, "--out", out)
    assert status == 2
    assert f"--out {out}" in output
    assert out.read_text("utf-8") == "precious"


def test_an_untrusted_certificate_is_named(server: RunningServer, tmp_path: Path) -> None:
    status, output = init(server.issuer, "--out", tmp_path / "mine.toml")
    assert status == 2
    assert "--ca-file" in output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("as.example",), "ISSUER"),
        (("https://as.example?x=1",), "ISSUER"),
        ((ISSUER, "--driver", "magic"), "--driver"),
        ((ISSUER, "--ca-file", "none.pem"), "--ca-file"),
        (("https://127.0.0.1:1",), "ISSUER"),
    ],
)
def test_bad_arguments_are_named(tmp_path: Path, arguments: tuple[str, ...], word: str) -> None:
    status, output = init(*arguments, "--out", tmp_path / "mine.toml")
    assert status == 2
    assert word in output
    assert list(tmp_path.iterdir()) == []


def test_an_authority_that_is_no_certificate_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    arguments = (ISSUER, "--ca-file", tmp_path / "ca.pem", "--out", tmp_path / "mine.toml")
    status, output = init(*arguments)
    assert status == 2
    assert "--ca-file holds no certificates" in " ".join(output.split())


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with respx.mock() as router:
        router.get(DOCUMENT).respond(json={"issuer": ISSUER})
        status, output = init(ISSUER, "--out", tmp_path / "none" / "mine.toml")
    assert status == 2
    assert "--out" in output


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404),
        httpx.Response(302, headers={"location": "https://elsewhere.example"}),
        httpx.Response(200, text="<html>Welcome</html>"),
        httpx.Response(200, json=["a list"]),
        httpx.Response(200, content=b"\xff\xfe\x00"),
    ],
)
def test_what_is_no_discovery_document_is_refused(tmp_path: Path, answer: httpx.Response) -> None:
    with respx.mock() as router:
        router.get(DOCUMENT).mock(return_value=answer)
        status, output = init(ISSUER, "--out", tmp_path / "mine.toml")
    assert status == 2
    assert "ISSUER" in output
    assert list(tmp_path.iterdir()) == []


def test_another_issuer_in_the_document_is_told(tmp_path: Path) -> None:
    other = 'https://other.example"\n[driver]\nx = "\x7f'
    with respx.mock() as router:
        router.get(DOCUMENT).respond(content=json.dumps({"issuer": other}))
        status, output = init(ISSUER, "--out", tmp_path / "mine.toml")
    assert status == 0, output
    assert "another issuer" in output
    assert load_target(tmp_path / "mine.toml").issuer == ISSUER


def test_a_realm_of_keycloak_is_known_by_its_address(tmp_path: Path) -> None:
    with respx.mock() as router:
        router.get(f"{ISSUER}/realms/x/.well-known/uma2-configuration").respond(json={"issuer": 1})
        assert init(f"{ISSUER}/realms/x", "--out", tmp_path / "mine.toml")[0] == 0
    assert load_target(tmp_path / "mine.toml").driver == "keycloak"
