"""What resource descriptions are accepted (FedAuthz 3.1), seen from the server's side."""

from uma_conformance.checks import check
from uma_conformance.judge import Judge
from uma_conformance.probes import descriptions, registration
from uma_conformance.trace import Exchange

_ROWS = {
    "F-3.1-04": "description",
    "F-3.1-07": "icon_uri",
    "F-3.1-10": "name",
    "F-3.1-14": "type",
}
_MALFORMED = ("truncated JSON", "an array", "a string", "an empty body")
_INVALID = (
    "scopes as a string",
    "scopes as a number",
    "scopes as null",
    "a number among the scopes",
    "the name as an object",
)


@check(*_ROWS, probe=descriptions.optional_members)
def test_optional_members_are_optional(judge: Judge) -> None:
    """Each optional member may be left out, and may be sent.

    A description that is refused with a member counts only if it is accepted without it, and the
    other way round.
    """
    minimal, named = judge.exchange("minimal"), judge.exchange("name")
    with_member = {name: judge.exchange(name) for name in _ROWS.values()}
    for row, name in _ROWS.items():
        sent = with_member[name]
        without = minimal if name == "name" else named
        accepted_without = without.succeeded or (minimal.succeeded and name != "name")
        if not sent.succeeded and not accepted_without:
            judge.cant_tell(row, "descriptions are refused with and without it", sent, without)
            continue
        seen = f"a description without {name} was refused: {without.outline}"
        judge.require(row, accepted_without, seen, without)
        seen = f"a description with {name} was refused: {sent.outline}"
        judge.require(row, sent.succeeded, seen, sent)


def _variant(judge: Judge, label: str) -> Exchange:
    control = judge.exchange("control")
    judge.control(control.succeeded, f"a plain description: {control.outline}", control)
    return judge.exchange(label)


@check("F-3.1-03", probe=descriptions.variants)
def test_scopes_may_be_strings_and_uris(judge: Judge) -> None:
    """Plain strings and URIs serve as scopes in one description."""
    answer = _variant(judge, "plain and URI scopes")
    seen = f"a description with a plain and a URI scope was refused: {answer.outline}"
    judge.require("F-3.1-03", answer.succeeded, seen, answer)


@check("F-3.1-15", probe=(descriptions.variants, descriptions.refusals))
def test_type_is_any_string(judge: Judge) -> None:
    """A type may be a plain string or a URI, but no number."""
    for label in ("plain type", "URI type"):
        answer = _variant(judge, label)
        seen = f"a description with a {label} was refused: {answer.outline}"
        judge.require("F-3.1-15", answer.succeeded, seen, answer)
    _require_400(judge, "F-3.1-15", ("the type as a number",), 1)


@check("F-3.1-08", probe=descriptions.refusals)
def test_icon_is_a_string(judge: Judge) -> None:
    """A number as icon is an invalid value."""
    _require_400(judge, "F-3.1-08", ("the icon as a number",))


@check("F-3.1-17", probe=(descriptions.refusals, descriptions.optional_members))
def test_description_is_a_string(judge: Judge) -> None:
    """A number as description is an invalid value."""
    control = judge.exchange("description", 1)
    judge.control(control.succeeded, f"a string as description: {control.outline}", control)
    _require_400(judge, "F-3.1-17", ("the description as a number",))


@check("F-1.4-02", probe=descriptions.variants)
def test_scopes_are_the_resource_servers_choice(judge: Judge) -> None:
    """The server takes scopes that it has never heard of."""
    answer = _variant(judge, "arbitrary scope")
    seen = f"an arbitrary scope string was refused: {answer.outline}"
    judge.require("F-1.4-02", answer.succeeded, seen, answer)


@check("F-1.4-01", probe=descriptions.variants)
def test_resource_servers_of_others_are_served(judge: Judge) -> None:
    """A resource server that is not part of the authorization server can register."""
    control = judge.exchange("control")
    seen = f"a resource server of another operator was refused: {control.outline}"
    judge.require("F-1.4-01", control.succeeded, seen, control)


@check("F-3.1.1-02", probe=descriptions.variants)
def test_scope_uris_are_not_resolved(judge: Judge) -> None:
    """A scope URI that leads nowhere is accepted."""
    answer = _variant(judge, "dead scope")
    seen = f"a scope URI that does not resolve was refused: {answer.outline}"
    judge.require("F-3.1.1-02", answer.succeeded, seen, answer)


@check("F-1.1-02", "F-1.1-04", probe=descriptions.variants)
def test_unknown_members_are_ignored(judge: Judge) -> None:
    """A description with a member that is not defined is accepted."""
    answer = _variant(judge, "extension")
    for row in ("F-1.1-02", "F-1.1-04"):
        seen = f"a description with an unknown member was refused: {answer.outline}"
        judge.require(row, answer.succeeded, seen, answer)


@check("F-3.1-06", "F-3.1-13", probe=descriptions.variants)
def test_members_may_be_translated(judge: Judge) -> None:
    """Language-tagged descriptions and names are accepted."""
    for row, label, member in (
        ("F-3.1-06", "French", "description#fr"),
        ("F-3.1-13", "German", "name#de"),
    ):
        answer = _variant(judge, label)
        seen = f"a description with {member} was refused: {answer.outline}"
        if judge.require(row, answer.succeeded, seen, answer) and judge.has(f"{label} read"):
            read = judge.exchange(f"{label} read")
            if member not in read.members:
                judge.remark(row, f"{member} was accepted, but does not come back", read)


def _require_400(judge: Judge, row: str, names: tuple[str, ...], probe: int = 0) -> None:
    for way in ("create", "update"):
        control = judge.exchange(f"control {way}", probe)
        judge.control(control.succeeded, f"{way} was refused: {control.outline}", control)
        for name in names:
            answer = judge.exchange(f"{way}: {name}", probe)
            seen = f"{way} with {name} answered {answer.outline}, 400 expected"
            judge.require(row, answer.status == 400, seen, answer)


@check("F-3.2-27", "F-3.1-01", probe=descriptions.refusals)
def test_scopes_are_required(judge: Judge) -> None:
    """A description without resource_scopes is refused with 400, on create and on update."""
    _require_400(judge, "F-3.2-27", ("no scopes",))
    _require_400(judge, "F-3.1-01", ("no scopes",))


@check("F-3.2-28", probe=descriptions.refusals)
def test_invalid_values_are_refused(judge: Judge) -> None:
    """A member of a wrong type is refused with 400."""
    _require_400(judge, "F-3.2-28", _INVALID)


@check("F-3.1-02", probe=descriptions.refusals)
def test_scopes_are_an_array_of_strings(judge: Judge) -> None:
    """Scopes in any other form are refused with 400."""
    _require_400(judge, "F-3.1-02", tuple(name for name in _INVALID if "scopes" in name))


@check("F-3.2-29", probe=descriptions.refusals)
def test_repeated_members_are_refused(judge: Judge) -> None:
    """A description with a member twice is refused with 400."""
    _require_400(judge, "F-3.2-29", ("a member twice",))


@check("F-3.2-30", probe=descriptions.refusals)
def test_malformed_descriptions_are_refused(judge: Judge) -> None:
    """A body that is no JSON object is refused with 400."""
    _require_400(judge, "F-3.2-30", _MALFORMED)


@check("F-1.1-01", probe=descriptions.refusals)
def test_names_are_case_sensitive(judge: Judge) -> None:
    """`Resource_Scopes` is not resource_scopes."""
    _require_400(judge, "F-1.1-01", ("scopes in another case",))


@check("F-3.1-12", probe=registration.twins)
def test_a_name_is_no_key(judge: Judge) -> None:
    """A name may stand in more than one description."""
    one, two = judge.exchange("one"), judge.exchange("two")
    judge.control(one.succeeded, f"create was refused: {one.outline}", one)
    seen = f"a second description with the same name was refused: {two.outline}"
    judge.require("F-3.1-12", two.succeeded, seen, two)
