"""Writing down what a proof of the checks showed, for the reports of later runs."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from uma_conformance.kill_matrix import Kill
from uma_conformance.mutants.equivalents import reason_of
from uma_conformance.mutants.judging import Fate, Judged
from uma_conformance.oracle.load import place_of
from uma_reference.faults import Fault
from uma_reports import write_text

_PREFIX = "suite.authorization_server."


def kill_matrix_text(faults: Iterable[Fault], kills: Mapping[str, Kill]) -> str:
    """Return the kill matrix as JSON, one line for each fault.

    `seen` has the rows that were seen to fail, each with the checks that saw it; none where a
    declared feature never showed. `missed` has those that the fault breaks and nobody saw.
    """
    lines = [json.dumps(_fault(fault, kills[fault.id]), ensure_ascii=False) for fault in faults]
    head = '{"format": "uma2-kill-matrix/1", "role": "as", "faults": ['
    return "\n".join((head, ",\n".join(lines), "]}")) + "\n"


def _fault(fault: Fault, kill: Kill) -> Mapping[str, object]:
    return {
        "id": fault.id,
        "wrong": fault.summary,
        "seen_in": [seen.words for seen in fault.seen_in],
        "seen": {row: _checks(kill, row) for row in sorted(kill.failed)},
        "missed": sorted(kill.unseen),
    }


def _checks(kill: Kill, row: str) -> Sequence[str]:
    return [name.removeprefix(_PREFIX) for name in kill.seen_by.get(row, ())]


def mutants_text(judged: Iterable[Judged]) -> str:
    """Return how many mutants had which fate as JSON, with the reasons of those that survived."""
    fates: Counter[Fate] = Counter()
    reasons: Counter[str] = Counter()
    for item in judged:
        fates[item.fate] += 1
        if item.fate is Fate.SURVIVED:
            reasons[reason_of(item.mutant)] += 1
    unexplained = reasons.pop("", 0)
    document = {
        "format": "uma2-mutants/1",
        "killed": fates[Fate.KILLED],
        "noticed": fates[Fate.NOTICED],
        "equivalent": dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
        "unexplained": unexplained,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def keep(name: str, text: str) -> Path:
    """Write a file of proofs to its place in this package; raise `ReportError` if it cannot be."""
    path = Path(str(place_of(name)))
    write_text(text, path)
    return path
