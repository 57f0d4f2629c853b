"""The reference as anybody's server: reached with a target file, driven from beside it."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from uma_conformance.drivers.builtin import Deployment, fresh_deployment
from uma_conformance.drivers.builtin.deployment import (
    CLIENT_SCOPES,
    IDENTITY_PROVIDER,
    KEY_ID,
    REDIRECTS,
    identity,
    role_of,
)
from uma_reference.launching import serve
from uma_reference.names import LOOPBACK

HOOK_SERVER = Path(__file__).parents[3] / "docs" / "examples" / "hook_server.py"
HOOK_SECRET = "secret-of-the-hook-server"
BUILTIN = Path(__file__).parents[3] / "conformance" / "uma_conformance" / "targets" / "builtin.toml"


@dataclass(frozen=True, slots=True)
class Reference:
    """A running reference that nobody set up for the suite, with a folder for target files."""

    issuer: str
    ca_file: Path
    deployment: Deployment
    folder: Path

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
def reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Reference]:
    """Serve the reference over TLS, with its secrets in the environment."""
    deployment = fresh_deployment()
    with serve(deployment.document("")) as server:
        found = Reference(server.issuer, server.ca_file, deployment, tmp_path)
        for name, value in found.environment.items():
            monkeypatch.setenv(name, value)
        yield found
