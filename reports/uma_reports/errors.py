"""What can go wrong with run records and reports; every message is written for people."""


class ReportError(Exception):
    """A report or a run record that cannot be read or written."""


class RecordError(ReportError, ValueError):
    """A run record that is not what its format says; `path` is the place in it, as a JSON path."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem
