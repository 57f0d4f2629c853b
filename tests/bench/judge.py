"""How long `uma2 judge` takes on a full trace: `python tests/bench/judge.py [RUNS] [RUN.JSON]`.

Without a record, the built-in reference is certified first. Prints for each run the wall time of
the whole command in seconds, its start included, and the number of exchanges that it judged.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_COMMAND = (sys.executable, "-m", "uma_conformance")
# Exit statuses of a run that was judged, whatever came of it.
_JUDGED = (0, 1, 3)


def run(*arguments: str) -> float:
    """Run a command and return its wall time in seconds."""
    started = time.perf_counter()
    done = subprocess.run([*_COMMAND, *arguments], check=False, capture_output=True, text=True)
    seconds = time.perf_counter() - started
    if done.returncode not in _JUDGED:
        sys.exit(done.stderr)
    return seconds


def main(runs: int, record: Path | None) -> None:
    """Judge a record several times and print a line for each."""
    with tempfile.TemporaryDirectory() as folder:
        if record is None:
            run("certify", "--out", folder)
            record = Path(folder) / "run.json"
        exchanges = len(json.loads(record.read_text("utf-8"))["exchanges"])
        sys.stdout.write("wall s  exchanges\n")
        for _ in range(runs):
            seconds = run("judge", str(record), "--out", str(Path(folder) / "again"))
            sys.stdout.write(f"{seconds:6.2f} {exchanges:10d}\n")


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 5,
        Path(sys.argv[2]) if len(sys.argv) > 2 else None,
    )
