"""`uma2 client get`: the resource, the explanations and the exit status."""

import re
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from typer.testing import Result

if TYPE_CHECKING:
    from tests.conformance.cli_client.conftest import Scripted
else:
    Scripted = Any

GRANT: dict[str, object] = {"access_token": "canary-rpt"}
PICTURE = b"\xff\xd8\x00picture\r\n"


def test_the_resource_goes_to_the_output_as_it_is(
    script: Scripted, uma2: Callable[..., Result]
) -> None:
    script.answers.append(GRANT)
    result = uma2("get", f"{script.base}/photo")
    assert (result.exit_code, result.stdout_bytes) == (0, PICTURE)
    assert result.stderr == ""
    (document,) = script.registered
    uris = document["claims_redirect_uris"]
    assert isinstance(uris, list)
    assert re.fullmatch(r"\['http://127\.0\.0\.1:\d+/returned'\]", str(cast("object", uris)))


def test_the_resource_can_go_to_a_file(
    script: Scripted, uma2: Callable[..., Result], tmp_path: Path
) -> None:
    script.answers.append(GRANT)
    out = tmp_path / "picture.jpg"
    result = uma2("get", f"{script.base}/photo", f"--out={out}")
    assert (result.exit_code, result.stdout_bytes) == (0, b"")
    assert out.read_bytes() == PICTURE


def test_a_body_can_be_sent(script: Scripted, uma2: Callable[..., Result], tmp_path: Path) -> None:
    script.answers.append(GRANT)
    body = tmp_path / "body"
    body.write_bytes(b"\x00body")
    result = uma2("get", f"{script.base}/photo", "--method=post", f"--data={body}")
    assert result.stdout_bytes == b"\x00body"


@pytest.mark.parametrize("flag", ["-v", "-vv"])
def test_each_step_is_explained_without_secrets(
    script: Scripted, uma2: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, flag: str
) -> None:
    slept: list[float] = []
    now = time.time
    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(time, "time", lambda: now() + sum(slept))
    script.will({"error": "request_submitted", "interval": 9}, {**GRANT, "pct": "canary-p"})
    result = uma2("get", f"{script.base}/photo", flag, "--wait=20")
    assert result.exit_code == 0
    assert "ticket 1" in result.stderr
    assert "ticket 2" in result.stderr
    assert len(slept) == 1
    assert "asking again in" in result.stderr
    assert "canary" not in result.stderr
    assert ("grant_type:" in result.stderr) is (flag == "-vv")


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        ({"error": "request_denied"}, 1, "denies access"),
        ({"error": "request_submitted", "interval": 60}, 3, "not decided yet"),
        ({"error": "need_info", "required_claims": ["?"]}, 1, "state"),
    ],
)
def test_the_exit_status_says_how_it_ended(
    script: Scripted,
    uma2: Callable[..., Result],
    monkeypatch: pytest.MonkeyPatch,
    answer: dict[str, object],
    status: int,
    words: str,
) -> None:
    def forge(url: str) -> bool:
        uri = parse_qs(urlsplit(url).query)["claims_redirect_uri"][0]
        forged = f"{uri}?ticket=a&state=forged"
        threading.Thread(target=lambda: httpx.get(forged, trust_env=False)).start()
        return True

    monkeypatch.setattr("webbrowser.open", forge)
    script.answers.append(answer)
    result = uma2("get", f"{script.base}/photo", "--wait=1")
    assert result.exit_code == status
    assert words in result.stderr
    assert result.stdout_bytes == b""


def test_a_server_without_its_authorization_server_is_told(
    script: Scripted, uma2: Callable[..., Result]
) -> None:
    script.unreachable = True
    result = uma2("get", f"{script.base}/photo")
    assert result.exit_code == 3
    assert "cannot reach its authorization server" in result.stderr


def test_a_server_that_is_not_there_is_told(uma2: Callable[..., Result]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        result = uma2("get", f"https://127.0.0.1:{port}/")
    assert result.exit_code == 3
    assert "cannot be reached" in result.stderr


def test_a_resource_that_is_not_there_is_refused(
    script: Scripted, uma2: Callable[..., Result]
) -> None:
    result = uma2("get", f"{script.base}/nothing")
    assert result.exit_code == 1
    assert "status 404" in result.stderr


def test_the_port_of_a_registration_is_used_again(
    script: Scripted, uma2: Callable[..., Result]
) -> None:
    script.answers += [GRANT, GRANT]
    assert uma2("get", f"{script.base}/photo").exit_code == 0
    assert uma2("get", f"{script.base}/photo", "--as=bob").exit_code == 0
    assert len(script.registered) == 1
    assert len(script.forms) == 2


def test_without_a_visit_it_is_refused_at_once(
    script: Scripted, uma2: Callable[..., Result]
) -> None:
    script.answers.append({"error": "need_info", "redirect_user": f"{script.base}/claims"})
    result = uma2("get", f"{script.base}/photo", "--no-visit")
    assert (result.exit_code, result.stdout_bytes) == (1, b"")
    assert "wants to ask you" in result.stderr
