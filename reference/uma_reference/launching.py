"""The authorization server as a subprocess, over TLS with an authority made for the run.

Nothing of the server itself is imported here: who only launches it does not wait for that.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from uma_reference.tls import make_authority

_START_SECONDS = 30


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server in a subprocess: its issuer, and the authority that signed its certificate.

    `process` is its identifier; with several workers it leads the group of all of them.
    """

    issuer: str
    ca_file: Path
    process: int = 0


class ServerDidNotStart(Exception):  # noqa: N818 - the name of what happened
    """The subprocess ended or said nothing; the message holds what it printed."""


@contextmanager
def serve(
    document: Mapping[str, object], *, database: str = "memory:", workers: int = 1
) -> Generator[RunningServer]:
    """Run a server on a free loopback port over TLS until the block ends.

    The document is the configuration; its issuer is filled in when it is left out. It keeps things
    in the database that a URL names, and serves with a number of processes.
    """
    with tempfile.TemporaryDirectory(prefix="uma-reference-") as folder:
        authority = make_authority(Path(folder))
        certificate = authority.issue("127.0.0.1", "localhost")
        command = [
            sys.executable,
            "-m",
            "uma_reference.authorization_server",
            "--config=-",
            f"--tls-cert={certificate.certificate_file}",
            f"--tls-key={certificate.key_file}",
            f"--database={database}",
            f"--workers={workers}",
        ]
        process = subprocess.Popen(  # noqa: S603 - our own program, no shell
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # So that all of them can be ended; one alone stays with the terminal.
            start_new_session=workers > 1,
        )
        try:
            assert process.stdin is not None  # noqa: S101 - it was asked for above
            process.stdin.write(json.dumps(document) + "\n")
            process.stdin.flush()
            yield RunningServer(_ready(process), authority.certificate_file, process.pid)
        finally:
            process.terminate()
            try:
                process.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                if workers > 1:
                    os.killpg(process.pid, signal.SIGKILL)
                process.kill()
                process.communicate()


def _ready(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None  # noqa: S101 - it was asked for by `serve`
    line = process.stdout.readline()
    if not line:
        _, complaint = process.communicate(timeout=_START_SECONDS)
        raise ServerDidNotStart(complaint.strip() or "it ended without a word")
    return str(json.loads(line)["issuer"])
