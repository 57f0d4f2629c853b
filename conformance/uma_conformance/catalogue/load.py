"""Loading the catalogue from its file."""

import functools
import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import cast

import yaml

from uma_conformance.catalogue.links import link_to
from uma_conformance.catalogue.model import (
    AsSide,
    Catalogue,
    Keyword,
    Requirement,
    Role,
    Ruling,
    Severity,
    Spec,
)
from uma_conformance.jsonvalue import object_of

# The parser in C is many times faster, and part of nearly every build of PyYAML.
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def catalogue_document() -> Mapping[str, object]:
    """Return the content of the catalogue file as it stands."""
    text = files("uma_conformance.catalogue").joinpath("requirements.yaml").read_text("utf-8")
    return parse_yaml(text)


def parse_yaml(text: str) -> Mapping[str, object]:
    """Return the members of a YAML document that is one of this project's own."""
    return cast("Mapping[str, object]", yaml.load(text, _Loader))  # noqa: S506 - a safe loader


@functools.cache
def load_catalogue() -> Catalogue:
    """Return the catalogue."""
    document = catalogue_document()
    entries = cast("Sequence[Mapping[str, object]]", document["requirements"])
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return Catalogue({str(entry["id"]): _row(entry) for entry in entries}, f"sha256:{digest}")


def _row(entry: Mapping[str, object]) -> Requirement:
    side, ruling = object_of(entry.get("as_side")), object_of(entry.get("ruling"))
    spec, section = str(entry["spec"]), str(entry["section"])
    return Requirement(
        id=str(entry["id"]),
        spec=Spec(spec),
        section=section,
        line=int(str(entry["line"])),
        keyword=Keyword(str(entry["keyword"])),
        role=Role(str(entry["role"])),
        needs=tuple(cast("Sequence[str]", entry["needs"])),
        statement=str(entry["statement"]),
        observable=entry["observable"] is True,
        failing_means=str(entry["failing_means"]),
        link=link_to(spec, section),
        judged_by=str(entry.get("judged_by", "")),
        not_observable=str(entry.get("not_observable", "")),
        as_side=AsSide(str(side["judged_by"]), Severity(str(side["severity"])), str(side["reason"]))
        if side
        else None,
        ruling=Ruling(
            Severity(str(ruling["severity"])),
            str(ruling["reason"]),
            str(ruling.get("reading", "")),
        )
        if ruling
        else None,
    )
