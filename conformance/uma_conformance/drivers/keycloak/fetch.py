"""Getting Keycloak's distribution from Maven Central."""

import re
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

ARTIFACT = "org.keycloak:keycloak-quarkus-dist"
NEWEST = "RELEASE"
_SECONDS = 900


class FetchError(Exception):
    """Keycloak could not be fetched; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """An unpacked Keycloak."""

    version: str
    folder: Path


def fetch(cache: Path, work: Path, version: str = NEWEST) -> Distribution:
    """Fetch a version of Keycloak with Maven and unpack it to `work`.

    The zip stays in `cache`; with the version `RELEASE` Maven looks for the newest one each time.
    """
    maven = shutil.which("mvn")
    if maven is None:
        raise FetchError("there is no mvn; install Maven and a JDK to fetch Keycloak")
    cache.mkdir(parents=True, exist_ok=True)
    command = [
        maven,
        "--batch-mode",
        "--quiet",
        "dependency:copy",
        f"-Dartifact={ARTIFACT}:{version}:zip",
        f"-DoutputDirectory={cache}",
    ]
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and the arguments are our own
            command, capture_output=True, text=True, timeout=_SECONDS, check=False, cwd=cache
        )
    except subprocess.TimeoutExpired:
        raise FetchError(f"Maven did not fetch {ARTIFACT} within {_SECONDS} s") from None
    if done.returncode != 0:
        raise FetchError(f"Maven could not fetch {ARTIFACT}:{version}: {done.stdout.strip()}")
    found = sorted(cache.glob("keycloak-quarkus-dist-*.zip"), key=_version_key)
    if version != NEWEST:
        found = [path for path in found if path.stem.endswith(f"-{version}")]
    if not found:
        raise FetchError(f"Maven left no Keycloak in {cache}")
    return _unpack(found[-1], work)


def _unpack(archive: Path, work: Path) -> Distribution:
    version = archive.stem.removeprefix("keycloak-quarkus-dist-")
    folder = work / f"keycloak-{version}"
    # A Keycloak that ran before has a database of its own, so each run unpacks a fresh one.
    shutil.rmtree(folder, ignore_errors=True)
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(work)
    (folder / "bin" / "kc.sh").chmod(0o755)
    return Distribution(version, folder)


def _version_key(path: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", path.stem))
