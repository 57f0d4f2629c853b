"""Counterexamples as files, to be kept and done again; their schema is `counterexample`.

What stands in a file is redacted as the run record is: it holds steps and no secrets, so that it
can be done again against any target.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from uma_conformance.exploring.evidence import COUNTEREXAMPLE
from uma_conformance.exploring.steps import Step
from uma_conformance.jsonvalue import array_of, object_of, strings_of
from uma_reports import RunRecord, to_document
from uma_reports.files import write_files
from uma_schemas import violations

FORMAT = "uma2-counterexample/1"


class CounterexampleError(Exception):
    """A file holds no counterexample; the message names the file, the place and what to do."""


@dataclass(frozen=True, slots=True)
class SavedWalk:
    """The steps of a file, and the rows that they broke."""

    rows: tuple[str, ...]
    message: str
    steps: tuple[Step, ...]


def write_counterexamples(record: RunRecord, folder: Path) -> tuple[Path, ...]:
    """Write a file for each counterexample of a run, and return where they are.

    Raises `ReportError`, and writes none, when a file cannot be written.
    """
    explored = record.exploration
    document, texts = to_document(record), dict[str, str]()
    exchanges = {
        object_of(item).get("number"): item for item in array_of(document.get("exchanges"))
    }
    facts = {episode.probe: episode.facts for episode in record.episodes}
    for number, item in enumerate(explored.counterexamples if explored else (), 1):
        walk = array_of(facts[f"{COUNTEREXAMPLE}{number}"].get("walk"))
        saved = {
            "format": FORMAT,
            "suite": document["suite"],
            "target": {"name": record.target.name, "issuer": record.target.issuer},
            "made_by": explored.options if explored else "",
            "rows": list(item.rows),
            "message": item.message,
            "reproduced": item.reproduced,
            "steps": [
                {
                    "words": step.words,
                    "outcome": step.outcome,
                    "step": object_of(done).get("step"),
                    "exchanges": [exchanges[place] for place in step.exchanges],
                }
                for step, done in zip(item.steps, walk, strict=True)
            ],
        }
        texts[item.file] = json.dumps(saved, indent=2, ensure_ascii=False) + "\n"
    write_files(folder, texts)
    return tuple(folder / name for name in texts)


def read_counterexample(path: Path) -> SavedWalk:
    """Read the steps of a file; raise `CounterexampleError` when it holds none."""
    try:
        value: object = json.loads(path.read_bytes())
    except OSError as error:
        raise CounterexampleError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise CounterexampleError(f"{path}: is not JSON: {error}") from error
    found = violations("counterexample", value)
    if found:
        listed = "; ".join(f"{item.path}: {item.message}" for item in found[:3])
        raise CounterexampleError(
            f"{path}: {listed}; a counterexample is written by `uma2 certify --explore`"
        )
    document = object_of(value)
    steps = (object_of(object_of(item).get("step")) for item in array_of(document["steps"]))
    return SavedWalk(
        tuple(strings_of(document["rows"])), _text(document, "message"), tuple(map(Step.of, steps))
    )


def _text(document: Mapping[str, object], name: str) -> str:
    return str(document.get(name, ""))
