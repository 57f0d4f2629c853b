"""YAML text with the line of each part, so that errors can name it."""

from collections.abc import Mapping
from dataclasses import dataclass

import yaml


class BadYaml(ValueError):  # noqa: N818 - the name of what it is
    """The text cannot be read; `line` counts from 1, and is 0 when it is not known."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line


@dataclass(frozen=True, slots=True)
class Marked:
    """Values as JSON has them, and the line of each of them by its JSON pointer."""

    value: object
    lines: Mapping[str, int]

    def line(self, pointer: str) -> int:
        """Return the line of a part, or of the nearest one around it."""
        while pointer not in self.lines:
            if not pointer:
                return 0
            pointer = pointer.rpartition("/")[0]
        return self.lines[pointer]


def read_marked(text: str) -> Marked:
    """Read one YAML document; raise `BadYaml` for what is none, for anchors and repeated keys."""
    try:
        loader = yaml.SafeLoader(text)
    except yaml.YAMLError as error:
        raise BadYaml(0, f"this is no valid YAML: {error}") from error
    try:
        node = loader.get_single_node()  # pyright: ignore[reportUnknownMemberType]
        if node is None:
            raise BadYaml(0, "there is nothing in it")
        lines: dict[str, int] = {}
        _walk(node, "", lines, set())
        value: object = loader.construct_document(node)  # pyright: ignore[reportUnknownMemberType]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise BadYaml(line, f"this is no valid YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise BadYaml(0, f"this is no valid YAML: {error}") from error
    finally:
        loader.dispose()
    return Marked(value, lines)


def _walk(node: yaml.Node, pointer: str, lines: dict[str, int], seen: set[int]) -> None:
    line = node.start_mark.line + 1
    lines.setdefault(pointer, line)
    if isinstance(node, yaml.ScalarNode):
        if node.tag.endswith(":timestamp"):
            raise BadYaml(line, f"write {node.value} in quotation marks")
        return
    if id(node) in seen:
        raise BadYaml(line, "anchors are not used in scenarios; write it out")
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _walk(item, f"{pointer}/{index}", lines, seen)
    elif isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, item in node.value:
            name, at = str(key.value), key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode) or not key.tag.endswith(":str"):
                raise BadYaml(at, f"the key {name} has to be a word")
            if name in keys:
                raise BadYaml(at, f"the key {name} stands here twice")
            keys.add(name)
            inner = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
            lines[inner] = at
            _walk(item, inner, lines, seen)
