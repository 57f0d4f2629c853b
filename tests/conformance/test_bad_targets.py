"""Targets that cannot be used: a clear error, exit status 2, and nothing written."""

import socket
import ssl
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from uma_conformance.cli import application
from uma_reference.tls import make_authority

_TARGET = '[target]\nname = "x"\nrole = "as"\n'
_NO_CA = '[tls]\nca_file = "no.pem"\n'
_KEYCLOAK = '[driver]\nkind = "keycloak"\nadmin_password = "secret-of-the-administrator"\n'


def certify(path: Path, out: Path) -> str:
    """Run `uma2 certify`, insist on exit status 2 and on one error, and return that."""
    result = CliRunner().invoke(application(), ["certify", str(path), "--out", str(out)])
    assert result.exit_code == 2, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "secret-of-the-administrator" not in result.output
    assert list(out.iterdir() if out.exists() else ()) == []
    return result.output


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("x = ", "TOML"),
        ("", "target"),
        ('[target]\nname = "x"\n[driver]\nkind = "builtin"\n', "role"),
        ('[target]\nname = "x"\nrole = "boss"\n[driver]\nkind = "builtin"\n', "target.role"),
        ('[target]\nname = "x"\nrole = "rs"\n[driver]\nkind = "builtin"\n', "target.role"),
        (f'{_TARGET}issuer = "https://as.example"\n[driver]\nkind = "other"\n', "driver.kind"),
        (f"{_TARGET}{_KEYCLOAK}", "issuer"),
        (f'{_TARGET}issuer = "as.example"\n{_KEYCLOAK}', "target.issuer"),
        (f'{_TARGET}issuer = "http://as.example/realms/x"\n{_KEYCLOAK}', "target.issuer"),
        (f'{_TARGET}issuer = "https://as.example/x"\n{_KEYCLOAK}', "target.issuer"),
        (f'{_TARGET}issuer = "https://as.example/realms/master"\n{_KEYCLOAK}', "target.issuer"),
        (
            f'{_TARGET}issuer = "https://as.example/realms/x"\n[driver]\nkind = "keycloak"\n',
            "driver.admin_password_env",
        ),
        (
            f'{_TARGET}issuer = "https://as.example/realms/x"\n{_KEYCLOAK}colour = "red"\n',
            "driver.colour",
        ),
        (
            f'{_TARGET}issuer = "https://as.example/realms/x"\n{_NO_CA}{_KEYCLOAK}',
            "tls.ca_file",
        ),
        (f'{_TARGET}[features]\npct = "yes"\n[driver]\nkind = "builtin"\n', "features.pct"),
        (f"{_TARGET}[limits]\nrun_seconds = 0\n[driver]\nkind = 'builtin'\n", "limits.run_seconds"),
    ],
)
def test_a_wrong_target_file_is_named_with_the_key(tmp_path: Path, text: str, key: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    error = certify(path, tmp_path / "out")
    assert "mine.toml" in error
    assert key in error


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "none.toml" in certify(tmp_path / "none.toml", tmp_path / "out")


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    assert "binary.toml" in certify(tmp_path / "binary.toml", tmp_path / "out")


def test_an_authority_that_is_no_certificate_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    path = keycloak_at(tmp_path, 1, ca="ca.pem")
    assert "tls.ca_file" in certify(path, tmp_path / "out")


def keycloak_at(folder: Path, port: int, ca: str = "") -> Path:
    tls = f'[tls]\nca_file = "{ca}"\n' if ca else ""
    path = folder / "mine.toml"
    path.write_text(f'{_TARGET}issuer = "https://127.0.0.1:{port}/realms/x"\n{tls}{_KEYCLOAK}')
    return path


@contextmanager
def listening(context: ssl.SSLContext | None) -> Generator[int]:
    """Listen on loopback, with TLS or without, and answer everything with a web page."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        stop = threading.Event()

        def serve() -> None:
            while not stop.is_set():
                try:
                    connection, _ = listener.accept()
                except TimeoutError:
                    continue
                with connection:
                    _greet(connection, context)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            stop.set()
            thread.join()


def _greet(connection: socket.socket, context: ssl.SSLContext | None) -> None:
    page = b"<html>Welcome</html>"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: "
    try:
        connection.settimeout(5)
        stream = context.wrap_socket(connection, server_side=True) if context else connection
        stream.recv(65536)
        stream.sendall(head + str(len(page)).encode() + b"\r\n\r\n" + page)
        # The rest of the request is read too, or closing would reset the connection.
        stream.shutdown(socket.SHUT_WR)
        while stream.recv(65536):
            pass
        stream.close()
    except OSError:
        pass


def tls(folder: Path) -> ssl.SSLContext:
    issued = make_authority(folder).issue("127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(issued.certificate_file, issued.key_file)
    return context


def test_nothing_listens_at_the_issuer(tmp_path: Path) -> None:
    assert "target.issuer" in certify(keycloak_at(tmp_path, 1), tmp_path / "out")


def test_the_issuer_speaks_no_tls(tmp_path: Path) -> None:
    with listening(None) as port:
        assert "SSL" in certify(keycloak_at(tmp_path, port), tmp_path / "out")


def test_the_certificate_is_not_trusted(tmp_path: Path) -> None:
    with listening(tls(tmp_path)) as port:
        assert "tls.ca_file" in certify(keycloak_at(tmp_path, port), tmp_path / "out")


def test_something_else_answers_at_the_issuer(tmp_path: Path) -> None:
    with listening(tls(tmp_path)) as port:
        error = certify(keycloak_at(tmp_path, port, ca="ca.pem"), tmp_path / "out")
    assert "JSON" in error
