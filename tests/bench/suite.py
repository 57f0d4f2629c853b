"""What the suite takes: `python tests/bench/suite.py [--runs 3] [--matrix] [--workers 2]`.

The whole suite against the built-in reference, in turns by `uma2 certify`, by pytest in one process
and by pytest with workers; with --matrix the complete kill matrix, once. Wall times of the whole
commands in seconds: the median, and all of them.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def timed(*arguments: str) -> float:
    """Run a module of Python in a folder of its own and return its wall time in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "pytest.ini").write_text("[pytest]\n", "utf-8")
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=folder,
            check=False,
            capture_output=True,
            text=True,
        )
        seconds = time.perf_counter() - started
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return seconds


def main() -> None:
    """Measure what was asked for, and print a line for each kind."""
    parser = argparse.ArgumentParser(description="The suite against the built-in reference.")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--matrix", action="store_true")
    options = parser.parse_args()
    suite = ("-c", "pytest.ini", "--pyargs", "uma_conformance.suite", "--uma-out", "out", "-q")
    kinds = {
        "uma2 certify": ("uma_conformance", "certify", "--out", "out"),
        "pytest": ("pytest", *suite),
        f"pytest -n {options.workers}": ("pytest", "-n", str(options.workers), *suite),
    }
    found: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(options.runs):
        for kind, arguments in kinds.items():
            found[kind].append(timed(*arguments))
    if options.matrix:
        workers = ("--workers", str(options.workers))
        matrix = timed("uma_conformance", "faults", "--run", *workers)
        found[f"uma2 faults --run, {options.workers} processes"] = [matrix]
    for kind, values in found.items():
        shown = json.dumps([round(value, 2) for value in values])
        sys.stdout.write(f"{kind:<34}{statistics.median(values):8.2f}  {shown}\n")


if __name__ == "__main__":
    main()
