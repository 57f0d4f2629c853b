"""Loading: what is shipped can be read, and what is wrong is named by file, line and step."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from uma_scenarios import (
    Ending,
    ScenarioError,
    Verb,
    load_scenario,
    parse_scenario,
    shipped,
)

Document = dict[str, Any]


def text_of(document: Document) -> str:
    dumped: object = yaml.safe_dump(document, sort_keys=False)  # pyright: ignore[reportUnknownMemberType] - stubs
    assert isinstance(dumped, str)
    return dumped


def problem(text: str, folder: Path = Path()) -> str:
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, "mine.yaml", folder)
    return str(caught.value)


@pytest.mark.parametrize("name", shipped())
def test_what_is_shipped_can_be_loaded(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.id == name
    assert all(step.why and step.tells and step.rows for step in scenario.steps)
    assert scenario.steps[0].acts[0].verb is Verb.SET_UP


def test_a_step_hands_on_who_acts(document: Document) -> None:
    (step,) = parse_scenario(text_of(document), "mine.yaml", Path()).steps
    assert [(act.who, act.client) for act in step.acts] == [("pat", "app")] * 3
    assert step.acts[1].expect is Ending.GRANTED
    assert step.acts[1].claims == ("idp",)


def test_a_resource_may_name_a_file(document: Document, tmp_path: Path) -> None:
    (tmp_path / "notes.json").write_text(json.dumps({"text": "from a file"}))
    document["resources"][0]["document"] = "notes.json"
    scenario = parse_scenario(text_of(document), "mine.yaml", tmp_path)
    assert scenario.resources["R"].document == {"text": "from a file"}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("missing.json", "missing.json cannot be read: No such file"),
        ("bad.json", "bad.json is no JSON document"),
        ("../notes.json", "it has to stand beside the scenario"),
        ("/etc/hostname", "it has to stand beside the scenario"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(
    document: Document, tmp_path: Path, name: str, told: str
) -> None:
    (tmp_path / "bad.json").write_text("{")
    document["resources"][0]["document"] = name
    text = text_of(document)
    line = text.splitlines().index(f"  document: {name}") + 1
    found = problem(text, tmp_path)
    assert found.startswith(f"mine.yaml:{line}: resources.0.document: ")
    assert told in found


def test_a_path_that_leads_nowhere_is_answered_with_what_is_shipped() -> None:
    with pytest.raises(ScenarioError, match=r"nowhere.yaml: there is no such file.*healthcare"):
        load_scenario("nowhere.yaml")


def test_a_scenario_can_be_loaded_by_its_path(document: Document, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text_of(document))
    assert load_scenario(str(path)).source == str(path)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ScenarioError, match="cannot be read"):
        load_scenario(str(path))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "mine.yaml: there is nothing in it"),
        ("a: [1", "mine.yaml:1: this is no valid YAML"),
        ("a: 1\na: 2\n", "mine.yaml:2: the key a stands here twice"),
        ("a: &x {b: 1}\nc: *x\n", "anchors are not used"),
        ("a: 2026-01-01\n", "mine.yaml:1: write 2026-01-01 in quotation marks"),
        ("1: a\n", "mine.yaml:1: the key 1 has to be a word"),
        ("- a\n", "mine.yaml:1: object is expected"),
        ("a: b\x00\n", "this is no valid YAML"),
        ("a: !!python/object:os.system {}\n", "this is no valid YAML"),
    ],
)
def test_what_is_no_yaml_for_scenarios_is_refused(text: str, told: str) -> None:
    assert told in problem(text)


def changed(document: Document, pointer: str, value: object) -> Document:
    *path, last = [int(part) if part.isdigit() else part for part in pointer.split("/")]
    inside: Any = document
    for part in path:
        inside = inside[part]
    inside[last] = value
    return document


@pytest.mark.parametrize(
    ("pointer", "value", "told"),
    [
        ("steps/0/acts/1/expect", "served", "step S1: acts.1.expect: it has to be one of granted"),
        ("steps/0/acts/1/do", "hack", "step S1: acts.1"),
        ("steps/0/acts/1/claims", ["who"], "acts.1.claims: who says nothing of pat"),
        ("steps/0/acts/1/whisper", 1, "step S1: acts.1: unknown member whisper"),
        ("steps/0/acts/0/resource", "Q", "step S1: acts.0.resource: there is no Q among"),
        ("steps/0/acts/0/who", "nobody", "acts.0.who: there is no nobody among the people: pat"),
        ("steps/0/acts/0/after", ["served"], "no act stands before the first one"),
        ("steps/0/acts/1/pct", "none", "acts.1.pct: there is no none among the clients: app"),
        ("steps/0/acts/1/permits", {"R": ["own"]}, "permits.R: own is none of its scopes"),
        ("steps/0/acts/1/never", {"Q": ["own"]}, "never.Q: there is no Q among the resources"),
        ("steps/0/acts/2/rpt_of", "attic", "there is no attic among the servers: rs, other"),
        ("steps/0/rows", ["G-1"], "step S1: rows.0: it does not have the form"),
        ("steps/0/present", ["pat"], "present: there is no pat among the owners: olga"),
        ("steps/0/with", "gone", "there is no gone among the clients"),
        ("resources/0/server", "attic", "resources.0.server: there is no attic"),
        ("resources/0/read", "own", "resources.0.read: own is none of the scopes"),
        ("policies/0/who", "olga", "policies.0.who: there is no olga among the people"),
        ("policies/0/for", "a week", "policies.0.for: 'a week' is no duration"),
        ("policies/0/conditions", [], "policies.0.conditions: it must not be empty"),
        ("policies/0/conditions/0/from", "attic", "there is no attic among the providers"),
        ("people/0/id", "olga", "people.0.id: the id olga is taken"),
        ("people/0/claims", {"attic": {}}, "there is no attic among the providers"),
        ("format", "uma2-scenario/9", "mine.yaml:1: format: it has to be"),
        ("providers/0/issuer", "idp", "providers.0.issuer: it has to be an absolute http(s) URI"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    document: Document, pointer: str, value: object, told: str
) -> None:
    found = problem(text_of(changed(document, pointer, value)))
    assert told in found
    assert found.startswith("mine.yaml:")


def test_the_line_is_the_one_of_the_member(document: Document) -> None:
    text = text_of(changed(document, "steps/0/acts/2/expect", "granted"))
    lines = text.splitlines()
    line = max(number for number, item in enumerate(lines, 1) if "expect: granted" in item)
    assert problem(text).startswith(f"mine.yaml:{line}: step S1: acts.2.expect: ")


def test_an_owner_who_acts_has_to_be_present(document: Document) -> None:
    acts = document["steps"][0]["acts"]
    acts.append({"do": "withdraw", "policy": "P"})
    assert "olga does this; say so with present: [olga]" in problem(text_of(document))
    document["steps"][0]["present"] = ["olga"]
    assert parse_scenario(text_of(document), "mine.yaml", Path()).steps[0].present == {"olga"}


def test_an_act_of_a_client_needs_somebody(document: Document) -> None:
    del document["steps"][0]["who"]
    assert "use needs who, here or beside the title of the step" in problem(text_of(document))


def test_a_provider_that_says_nothing_of_somebody_cannot_be_pushed(document: Document) -> None:
    del document["people"][0]["claims"]
    assert "acts.1.claims: idp says nothing of pat" in problem(text_of(document))
