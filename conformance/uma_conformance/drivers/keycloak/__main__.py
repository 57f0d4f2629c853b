"""Fetch and start a Keycloak, run a command against it, and stop it again.

`python -m uma_conformance.drivers.keycloak --work DIR -- uma2 certify DIR/target.toml` writes the
target file to the working folder, and exits with the status of the command.
"""

import argparse
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from uma_conformance.drivers.keycloak.fetch import NEWEST, Distribution, FetchError, fetch
from uma_conformance.drivers.keycloak.server import ServerError, running_keycloak
from uma_reports import write_text

_PASSWORD = "UMA2_KEYCLOAK_ADMIN_PASSWORD"  # noqa: S105 - the name of a variable
_VERSION = "UMA2_KEYCLOAK_VERSION"
_CACHE = "UMA2_KEYCLOAK_CACHE"
_PORT = 8543


def main(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit status."""
    options = _parser().parse_args(arguments)
    work: Path = options.work.absolute()
    work.mkdir(parents=True, exist_ok=True)
    password = secrets.token_urlsafe(24)
    try:
        _say("fetching Keycloak from Maven Central")
        cache = Path(os.environ.get(_CACHE) or work / "cache")
        distribution = fetch(cache, work, os.environ.get(_VERSION, NEWEST))
        _say(f"starting Keycloak {distribution.version}")
        with running_keycloak(distribution, work, options.port, password):
            _write_target(work / "target.toml", distribution, options.port)
            _say(f"Keycloak {distribution.version} is up; {' '.join(options.command)}")
            environment = {**os.environ, _PASSWORD: password}
            return subprocess.run(  # noqa: S603 - running the given command is what this is for
                options.command, env=environment, check=False
            ).returncode
    except (FetchError, ServerError) as error:
        _say(str(error))
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m uma_conformance.drivers.keycloak")
    parser.add_argument("--work", type=Path, required=True, help="folder for what is made")
    parser.add_argument("--port", type=int, default=_PORT, help=f"port to listen on ({_PORT})")
    parser.add_argument("command", nargs="+", help="what to run while Keycloak is up, after --")
    parser.epilog = (
        f"Environment: {_VERSION} (a version instead of the newest one), "
        f"{_CACHE} (folder that keeps the download)."
    )
    return parser


def _write_target(path: Path, distribution: Distribution, port: int) -> None:
    """Write the target file of the suite, with the name and port of this Keycloak."""
    text = files("uma_conformance").joinpath("targets", "keycloak.toml").read_text("utf-8")
    text = text.replace('name = "Keycloak"', f'name = "Keycloak {distribution.version}"')
    write_text(re.sub(r"localhost:\d+", f"localhost:{port}", text), path)


def _say(message: str) -> None:
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
