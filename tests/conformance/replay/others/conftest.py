"""The reference as servers of somebody else, with the records of a patient, over TLS."""

import json
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from uma_conformance.drivers.builtin import fresh_deployment
from uma_conformance.drivers.builtin.deployment import (
    CLIENT_SCOPES,
    IDENTITY_PROVIDER,
    KEY_ID,
    REDIRECTS,
    identity,
)
from uma_conformance.drivers.builtin.deployment import Deployment as Cast
from uma_conformance.jsonvalue import array_of, object_of
from uma_conformance.replay.builtin.deployment import Deployment, pat_client
from uma_conformance.target import trust
from uma_reference.authorization_server import Config, MemoryStore, create_app
from uma_reference.client.transport import HttpxSender
from uma_reference.clock import AdjustableClock, SystemRandomness
from uma_reference.resource_server import Config as ResourceServerConfig
from uma_reference.resource_server import MemoryStore as ResourceServerStore
from uma_reference.resource_server import create_app as resource_server_of
from uma_reference.tls import Certificate, make_authority
from uma_scenarios import load_scenario

if TYPE_CHECKING:
    from tests.conformance.conftest import OverTls
else:
    OverTls = Any

HOOK_SERVER = Path(__file__).parents[4] / "docs" / "examples" / "hook_server.py"
PATS = {"clinic": "rs", "lab": "other-rs"}
HOOK_SECRET = "secret-of-the-hook-server"


@dataclass(frozen=True, slots=True)
class Quarter:
    """Running servers; `urls` and `ids` are of resource servers and what is registered of them."""

    folder: Path
    certificate: Certificate
    issuer: str
    hook: str
    cast: Cast
    records: Deployment
    urls: Mapping[str, str]
    ids: Mapping[str, str]

    @property
    def environment(self) -> Mapping[str, str]:
        """Return secrets under names for the environment."""
        return {
            "APP_SECRET": self.cast.secrets["app"],
            "OTHER_APP_SECRET": self.cast.secrets["other-app"],
            "HOOK_SECRET": HOOK_SECRET,
            **{f"{name.upper()}_SECRET": self.records.secrets[_pat(name)] for name in PATS},
        }

    def client(self) -> Sequence[object]:
        """Return the command of the reference client, for one who has no wallet yet."""
        (self.folder / "wallet.json").unlink(missing_ok=True)
        return [
            *(sys.executable, "-m", "uma_conformance", "client", "get", "{url}"),
            *("--method", "{method}", "--as", "{person}", "--issuer", self.issuer),
            *("--client-id", "app", "--client-secret-env", "APP_SECRET", "--no-visit"),
            *("--ca-file", "ca.pem", "--wallet", "wallet.json"),
            ["--claim-token", "{claim_token_file}"],
            ["--scope", "{scope}"],
            ["--data", "{body_file}"],
        ]

    def target_file(
        self,
        client: Sequence[object] = (),
        more: str = "",
        urls: Mapping[str, str] | None = None,
        servers: Sequence[str] = ("clinic", "lab", "pharmacy"),
    ) -> Path:
        """Write a target file, perhaps with a client and other URLs of resources."""
        lines = [
            f'[target]\nname = "Riverside"\nrole = "as"\nissuer = "{self.issuer}"',
            '[tls]\nca_file = "ca.pem"',
            f'[driver]\nkind = "hook"\nurl = "{self.hook}"\nsecret_env = "HOOK_SECRET"',
            f'identity = ["email"]\n[driver.claims]\nissuer = "{IDENTITY_PROVIDER}"',
            f'key_file = "provider.pem"\nkey_id = "{KEY_ID}"',
        ]
        for name in ("app", "other-app", "public-app"):
            secret = name.replace("-", "_").upper()
            lines += [
                f"[driver.clients.{name}]",
                f'client_secret_env = "{secret}_SECRET"' if name in CLIENT_SCOPES else "",
                f"scopes = {json.dumps(sorted(CLIENT_SCOPES.get(name, ())))}",
                f"claims_redirect_uris = {json.dumps(REDIRECTS[name].claims)}",
            ]
        for name in ("bob", "carol"):
            lines.append(f'[driver.parties.{name}]\nemail = "{identity(name)}"')
        for name, part in PATS.items():
            lines.append(f'[driver.pats.{part}.alice]\nclient_id = "{_pat(name)}"')
            lines.append(f'client_secret_env = "{name.upper()}_SECRET"')
        for name in servers:
            url = self.urls[name]
            lines.append(f'[resource_servers.{name}]\nbase = "{url}"\nca_file = "ca.pem"')
            lines.append(f'pats = "{PATS[name]}"' if name in PATS else "")
            for item in self.records.scenario.resources.values():
                if item.server == name:
                    place = (urls or {}).get(item.id, f"/owners/alice/documents/{item.id}")
                    lines.append(f"[resource_servers.{name}.resources.{item.id}]")
                    lines.append(f'id = "{self.ids[item.id]}"\nurl = "{place}"')
                    lines.append('media_type = "application/fhir+json"')
        lines.append(f"[client]\ncommand = {json.dumps(client)}\n{more}" if client else "")
        path = self.folder / "target.toml"
        path.write_text("\n".join(lines), "utf-8")
        return path


def _pat(server: str) -> str:
    return pat_client(server, "alice")


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory, over_tls: OverTls) -> Generator[Quarter]:
    """Serve the reference with the resource servers of `healthcare`, all on one clock."""
    folder = tmp_path_factory.mktemp("quarter")
    authority = make_authority(folder)
    certificate, verify = authority.issue("127.0.0.1"), trust(authority.certificate_file)
    cast, records = fresh_deployment(), Deployment.make(load_scenario("healthcare"))
    key = cast.provider_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "provider.pem").write_bytes(key)
    clock = AdjustableClock()
    with ExitStack() as stack:
        issuer = stack.enter_context(
            over_tls(
                certificate,
                lambda base: create_app(
                    Config.from_document(_authorization_server(cast, records, base)),
                    MemoryStore(),
                    clock,
                    SystemRandomness(),
                ),
            )
        )
        sender = HttpxSender(verify=verify, seconds=10.0, agent="test")
        stack.callback(sender.close)
        urls = {
            server: stack.enter_context(
                _resource_server(over_tls, certificate, records, server, issuer, sender, clock)
            )
            for server in records.scenario.servers
        }
        ids = {
            name: id_ for url in urls.values() for name, id_ in _registered(url, records, verify)
        }
        hook = stack.enter_context(_hook_server(issuer, certificate, cast))
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        found = Quarter(folder, certificate, issuer, hook, cast, records, urls, ids)
        for name, value in found.environment.items():
            patch.setenv(name, value)
        yield found


def _authorization_server(cast: Cast, records: Deployment, issuer: str) -> Mapping[str, object]:
    document = cast.document(issuer)
    clients = map(object_of, array_of(records.authorization_server(issuer)["clients"]))
    pat_clients = [dict(item) for item in clients if "resource_server" in item]
    return {**document, "clients": [*array_of(document["clients"]), *pat_clients]}


def _resource_server(
    over_tls: OverTls,
    certificate: Certificate,
    records: Deployment,
    server: str,
    issuer: str,
    sender: HttpxSender,
    clock: AdjustableClock,
) -> AbstractContextManager[str]:
    authority = str(certificate.certificate_file.parent / "ca.pem")
    return over_tls(
        certificate,
        lambda base: resource_server_of(
            ResourceServerConfig.from_document(
                records.resource_server(server, base, issuer, authority)
            ),
            ResourceServerStore(),
            sender,
            clock,
            SystemRandomness(),
        ),
    )


def _registered(
    url: str, records: Deployment, verify: ssl.SSLContext
) -> Generator[tuple[str, str]]:
    password = records.passwords["alice"]
    with httpx.Client(verify=verify, auth=("alice", password), trust_env=False) as http:
        assert http.post(f"{url}/owners/alice/settle").status_code == 200
        found = http.get(f"{url}/owners/alice/documents").json()
    for item in found["documents"]:
        yield item["id"], item["resource_id"]


@contextmanager
def _hook_server(issuer: str, certificate: Certificate, cast: Cast) -> Generator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "AS": issuer,
        "AS_CA": str(certificate.certificate_file.parent / "ca.pem"),
        "AS_PASSWORDS": json.dumps(dict(cast.passwords)),
        "IDENTITY_PROVIDER": IDENTITY_PROVIDER,
        "UMA2_HOOK_SECRET": HOOK_SECRET,
    }
    command = [sys.executable, str(HOOK_SERVER), str(port)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(200):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
