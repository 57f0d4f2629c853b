"""Which certificate the servers of `uma2 serve` use, and where they may listen."""

from dataclasses import dataclass
from pathlib import Path

import typer

from uma_conformance.cli.exits import fail
from uma_reference.names import LOOPBACK
from uma_reference.tls import kept_authority


@dataclass(frozen=True, slots=True)
class Served:
    """A certificate with its key, and the authority to trust; none of ours if it was given."""

    certificate: Path
    key: Path
    authority: Path | None


def standard_folder() -> Path:
    """Return the folder in which `uma2 serve` keeps things for this user."""
    return Path(typer.get_app_dir("uma2")) / "serve"


def check_listening(
    host: str, certificate: Path | None, key: Path | None, *, allow_remote: bool
) -> None:
    """End the command unless these options may listen there."""
    if (certificate is None) != (key is None):
        fail("--tls-cert and --tls-key: give both, or none of them")
    if host in LOOPBACK:
        return
    if not allow_remote:
        fail(f"--host {host}: it is not a loopback address; add --allow-remote to listen there")
    if certificate is None:
        fail(f"--host {host}: beyond loopback, --tls-cert and --tls-key are needed")


def served_with(folder: Path, certificate: Path | None, key: Path | None, name: str) -> Served:
    """Return the certificate that was given, or one of the local authority in the folder."""
    if certificate is not None and key is not None:
        for option, file in (("--tls-cert", certificate), ("--tls-key", key)):
            if not file.is_file():
                fail(f"{option} {file}: there is no such file")
        return Served(certificate, key, None)
    try:
        authority = kept_authority(folder)
        issued = authority.issue(*dict.fromkeys((name, "localhost", "127.0.0.1", "::1")))
    except ValueError as error:
        fail(str(error))
    except OSError as error:
        fail(f"--folder {folder}: it cannot be used: {error.strerror}")
    return Served(issued.certificate_file, issued.key_file, authority.certificate_file)
