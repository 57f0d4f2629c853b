"""What proves the checks: known faults that they catch, and mutants that they see.

A proof takes minutes, so that a run does not repeat it; the files beside this module keep what the
last one showed. `uma2 faults --run --write` and `uma2 mutants --write` write them.
"""

from uma_conformance.oracle.load import Proofs, load_proofs

__all__ = ["Proofs", "load_proofs"]
