"""Running a client of somebody else as a program; what it gets comes on its standard output."""

import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from uma_conformance.replay.others.declared import ClientOfOthers
from uma_scenarios import StageFailed

GOT, REFUSED, LATER = 0, 1, 3
_DOCUMENTED = (GOT, REFUSED, LATER)


@dataclass(frozen=True, slots=True)
class Errand:
    """What a client is to do, and for whom; a claim token and a body come to it as files."""

    url: str
    method: str
    person: str
    scope: str = ""
    claim_token: str = field(default="", repr=False)
    body: bytes = field(default=b"", repr=False)

    def values(self, folder: str) -> dict[str, str]:
        """Return what stands for each place of the command, with files in a folder."""
        return {
            "url": self.url,
            "method": self.method,
            "person": self.person,
            "scope": self.scope,
            "claim_token_file": f"{folder}/claim-token" if self.claim_token else "",
            "body_file": f"{folder}/body" if self.body else "",
        }


@dataclass(frozen=True, slots=True)
class Ran:
    """What was seen of a run: the command, how it ended, and the beginning of its output."""

    command: str
    status: int
    output: str = field(repr=False)


def run(client: ClientOfOthers, errand: Errand, working: Path, limit: int) -> Ran:
    """Run a client in the folder `working`, and read at most `limit` bytes of its output.

    Raise `StageFailed` when it cannot be started, takes too long, or ends with a status that is not
    one of those documented.
    """
    with TemporaryDirectory(prefix="uma2-client-") as folder:
        for name, content in (("claim-token", errand.claim_token.encode()), ("body", errand.body)):
            (Path(folder) / name).write_bytes(content)
        output = Path(folder) / "output"
        try:
            with output.open("wb") as stream:
                status = subprocess.run(  # noqa: S603 - the command of the target file, no shell
                    client.arguments(errand.values(folder)),
                    stdin=subprocess.DEVNULL,
                    stdout=stream,
                    timeout=client.seconds,
                    cwd=working,
                    check=False,
                ).returncode
        except OSError as error:
            raise StageFailed(f"the client cannot be started: {error.strerror}") from None
        except subprocess.TimeoutExpired:
            raise StageFailed(f"the client takes longer than {client.seconds:g} seconds") from None
        if status not in _DOCUMENTED:
            raise StageFailed(f"the client broke off with exit status {status}")
        with output.open("rb") as stream:
            found = stream.read(limit).decode("utf-8", errors="replace")
    told = " ".join(client.arguments(errand.values("…")))
    return Ran(told, status, found)
