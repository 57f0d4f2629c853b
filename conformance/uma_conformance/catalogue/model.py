"""What a requirement is, and how severe it is to fail it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Spec(StrEnum):
    """The two specifications of UMA 2.0."""

    GRANT = "grant"
    FEDAUTHZ = "fedauthz"


class Keyword(StrEnum):
    """The keyword of a requirement (RFC 2119); `NONE` for a plain statement of the protocol."""

    MUST = "MUST"
    MUST_NOT = "MUST NOT"
    REQUIRED = "REQUIRED"
    SHALL = "SHALL"
    SHALL_NOT = "SHALL NOT"
    SHOULD = "SHOULD"
    SHOULD_NOT = "SHOULD NOT"
    RECOMMENDED = "RECOMMENDED"
    NOT_RECOMMENDED = "NOT RECOMMENDED"
    MAY = "MAY"
    OPTIONAL = "OPTIONAL"
    NONE = "NONE"


class Role(StrEnum):
    """The party that a requirement binds."""

    AS = "as"
    RS = "rs"
    CLIENT = "client"
    RO = "ro"
    RQP = "rqp"
    PROFILE_AUTHOR = "profile-author"


class Severity(StrEnum):
    """What it means for a claim of conformance when a requirement is failed."""

    ERROR = "error"
    WARNING = "warning"
    OBSERVATION = "observation"


_WARNINGS = frozenset(
    {Keyword.SHOULD, Keyword.SHOULD_NOT, Keyword.RECOMMENDED, Keyword.NOT_RECOMMENDED}
)
_OBSERVATIONS = frozenset({Keyword.MAY, Keyword.OPTIONAL})


def severity_of(keyword: Keyword) -> Severity:
    """Return the severity that follows from a keyword alone."""
    if keyword in _WARNINGS:
        return Severity.WARNING
    return Severity.OBSERVATION if keyword in _OBSERVATIONS else Severity.ERROR


@dataclass(frozen=True, slots=True)
class Ruling:
    """Where the text is open: a softer severity than the keyword's, and the reason for it."""

    severity: Severity
    reason: str
    reading: str = ""


@dataclass(frozen=True, slots=True)
class AsSide:
    """How a requirement on another party is seen on the authorization server's side."""

    judged_by: str
    severity: Severity
    reason: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row of the catalogue. An id, once published, never changes its meaning."""

    id: str
    spec: Spec
    section: str
    line: int
    keyword: Keyword
    role: Role
    needs: tuple[str, ...]
    statement: str
    observable: bool
    failing_means: str
    link: str
    judged_by: str = ""
    not_observable: str = ""
    as_side: AsSide | None = None
    ruling: Ruling | None = None

    def concerns(self, role: Role) -> bool:
        """Tell whether the row says something about a target of this role."""
        return role is self.role or (role is Role.AS and self.as_side is not None)

    def severity_for(self, role: Role) -> Severity:
        """Return how severe it is for a target of this role to fail the row."""
        if role is not self.role and self.as_side is not None:
            return self.as_side.severity
        return self.ruling.severity if self.ruling else severity_of(self.keyword)

    def observable_for(self, role: Role) -> bool:
        """Tell whether a violation by a target of this role can be seen from outside."""
        return self.observable or (role is not self.role and self.as_side is not None)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows are wanted; everything that is left out lets all rows through.

    A section takes its subsections with it.
    """

    role: Role | None = None
    spec: Spec | None = None
    section: str = ""
    keyword: Keyword | None = None
    severity: Severity | None = None
    needs: str = ""
    observable: bool | None = None

    def takes(self, row: Requirement) -> bool:
        """Tell whether a row is wanted."""
        role = self.role or row.role
        tests: tuple[Callable[[], bool], ...] = (
            lambda: row.concerns(role),
            lambda: self.spec in {None, row.spec},
            lambda: not self.section or f"{row.section}.".startswith(f"{self.section}."),
            lambda: self.keyword in {None, row.keyword},
            lambda: self.severity in {None, row.severity_for(role)},
            lambda: not self.needs or self.needs in row.needs,
            lambda: self.observable in {None, row.observable_for(role)},
        )
        return all(test() for test in tests)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every requirement of both specifications, in the order of the texts.

    `digest` changes with any word of it.
    """

    rows: Mapping[str, Requirement]
    digest: str

    def __iter__(self) -> Iterator[Requirement]:
        return iter(self.rows.values())

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, requirement_id: str) -> Requirement:
        return self.rows[requirement_id]

    def __contains__(self, requirement_id: object) -> bool:
        return requirement_id in self.rows

    def select(self, selection: Selection) -> Iterable[Requirement]:
        """Yield the rows that are wanted."""
        return (row for row in self if selection.takes(row))
