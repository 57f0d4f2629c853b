"""How long `uma2 certify` takes on the built-in reference: `python tests/bench/certify.py [RUNS]`.

Prints for each run the wall time of the whole command in seconds, the number of exchanges, the time
spent waiting for the target, and what share of the wall time everything else takes.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main(runs: int) -> None:
    """Run the command several times and print a line for each."""
    sys.stdout.write("wall s  exchanges  waiting s  everything else s  share\n")
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "uma_conformance", "certify", "--out", folder]
            started = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            wall = time.perf_counter() - started
            record = json.loads((Path(folder) / "run.json").read_text("utf-8"))
        exchanges = record["exchanges"]
        waiting = sum(item["seconds"] for item in exchanges)
        rest = wall - waiting
        sys.stdout.write(
            f"{wall:6.2f} {len(exchanges):10d} {waiting:10.2f} {rest:18.2f} {rest / wall:6.0%}\n"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
