"""Loading a scenario from its file; every error names the file, the line and the step."""

import json
from collections.abc import Iterator, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import cast

from uma_scenarios.consistency import Slip, slips
from uma_scenarios.marks import BadYaml, Marked, read_marked
from uma_scenarios.model import Scenario
from uma_scenarios.reading import scenario_of
from uma_schemas import violations

_SUFFIX = ".yaml"
_LIBRARY = "library"


class ScenarioError(Exception):
    """A scenario cannot be used; the message names the file, the line and what to do."""


def shipped() -> tuple[str, ...]:
    """Return the names of the scenarios that come with this package."""
    names = (item.name for item in files("uma_scenarios").joinpath(_LIBRARY).iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)))


def load_scenario(name: str) -> Scenario:
    """Load a scenario by the name of one that is shipped, or by its path."""
    known = shipped()
    if name in known:
        folder = files("uma_scenarios").joinpath(_LIBRARY)
        return _load(folder.joinpath(name + _SUFFIX), folder, name + _SUFFIX)
    path = Path(name)
    if not path.is_file():
        raise ScenarioError(
            f"{name}: there is no such file, and no such scenario; there are: {', '.join(known)}"
        )
    return _load(path, path.parent, str(path))


def _load(file: Traversable, folder: Traversable, source: str) -> Scenario:
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ScenarioError(f"{source}: the scenario cannot be read: {reason}") from error
    return parse_scenario(text, source, folder)


def parse_scenario(text: str, source: str, folder: Traversable) -> Scenario:
    """Parse a scenario's text; documents that it names are looked for in `folder`."""
    try:
        marked = read_marked(text)
    except BadYaml as error:
        place = f"{source}:{error.line}" if error.line else source
        raise ScenarioError(f"{place}: {error}") from error
    found = [Slip(item.path, item.message) for item in violations("scenario", marked.value)]
    if not found:
        found = list(slips(marked.value))
    documents: dict[str, object] = {}
    if not found:
        found = list(_read_documents(marked, folder, documents))
    if found:
        raise ScenarioError("\n".join(_told(source, marked, slip) for slip in found))
    return scenario_of(marked, source, documents)


def _read_documents(
    marked: Marked, folder: Traversable, documents: dict[str, object]
) -> Iterator[Slip]:
    """Read the files that resources name; yield what is wrong with them."""
    root = cast("dict[str, list[dict[str, object]]]", marked.value)
    for index, resource in enumerate(root["resources"]):
        name = resource["document"]
        if not isinstance(name, str):
            continue
        pointer = f"/resources/{index}/document"
        try:
            documents[name] = json.loads(_inside(folder, name).read_text("utf-8"))
        except OSError as error:
            yield Slip(pointer, f"{name} cannot be read: {error.strerror}")
        except ValueError as error:
            yield Slip(pointer, f"{name} is no JSON document: {error}")


def _inside(folder: Traversable, name: str) -> Traversable:
    parts: Sequence[str] = name.split("/")
    if name.startswith("/") or ".." in parts:
        raise ValueError("it has to stand beside the scenario or in a folder there")
    return folder.joinpath(*parts)


def _told(source: str, marked: Marked, slip: Slip) -> str:
    parts = slip.pointer.split("/")[1:]
    where = ""
    if parts[:1] == ["steps"] and len(parts) > 1:
        step = cast("dict[str, list[object]]", marked.value)["steps"][int(parts[1])]
        name = cast("dict[str, object]", step).get("id") if isinstance(step, dict) else None
        where = f"step {name if isinstance(name, str) else int(parts[1]) + 1}: "
        parts = parts[2:]
    member = ".".join(parts)
    named = f"{member}: " if member else ""
    return f"{source}:{marked.line(slip.pointer)}: {where}{named}{slip.problem}"
