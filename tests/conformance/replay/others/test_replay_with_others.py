"""Replays with resource servers and a client of somebody else: judged by what shows of them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from starlette.responses import JSONResponse
from typer.testing import CliRunner, Result

import uma_scenarios
from uma_conformance.cli import application
from uma_conformance.replay.others import read_others
from uma_conformance.target import parse_target
from uma_reports import EpisodeRecord, read_run
from uma_scenarios import load_scenario

if TYPE_CHECKING:
    from tests.conformance.conftest import OverTls
    from tests.conformance.replay.others.conftest import Quarter
else:
    OverTls = Any
    Quarter = Any

LIBRARY = Path(uma_scenarios.__file__).parent / "library"


def replay(*arguments: object) -> Result:
    return CliRunner().invoke(application(), ["replay", *map(str, arguments)])


def steps_in(folder: Path) -> Mapping[str, EpisodeRecord]:
    _, *steps = read_run(folder / "run.json").episodes
    return {step.probe: step for step in steps}


def outcomes(steps: Mapping[str, EpisodeRecord]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, step in steps.items():
        found.setdefault(str(step.facts["outcome"]), []).append(name)
    return found


def part_of_it(folder: Path, *steps: str) -> Path:
    """Write a scenario with some steps of `healthcare`."""
    document = yaml.safe_load((LIBRARY / "healthcare.yaml").read_text("utf-8"))
    document["steps"] = [step for step in document["steps"] if step["id"] in steps]
    path = folder / "part.yaml"
    path.write_text(json.dumps(document), "utf-8")
    (folder / "healthcare").symlink_to(LIBRARY / "healthcare")
    return path


def played(
    quarter: Quarter, folder: Path, client: Sequence[object], *steps: str, **more: Any
) -> Mapping[str, EpisodeRecord]:
    target = quarter.target_file(client, **more)
    result = replay(part_of_it(folder, *steps), target, "--record", folder)
    assert result.exit_code in {1, 3}, result.output
    return steps_in(folder)


def test_resource_servers_of_somebody_else(quarter: Quarter, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    target = quarter.target_file()
    result = replay("healthcare", target, "--record", tmp_path, "--html", page)
    assert result.exit_code == 3, result.output
    assert "what they send to the authorization server is not seen" in " ".join(
        result.output.split()
    )
    steps = steps_in(tmp_path)
    assert outcomes(steps).keys() == {"passed", "skipped"}
    skipped = {name: steps[name].facts["message"] for name in outcomes(steps)["skipped"]}
    assert skipped == {
        "S06": "the target's client app is not registered for update",
        "S14": "a policy would end by then, and drivers set none that do",
        "S16": "R5 asks for a statement of her own, which no driver sets up",
        "S18": "R6 asks for a statement of her own, which no driver sets up",
        "S20": "a driver does not take its server down",
        "S21": "Harbour Laboratory is of somebody else and ends registrations by itself",
    }
    by_number = {item.number: item for item in read_run(tmp_path / "run.json").exchanges}
    (number,) = set(steps["S04"].steps.values())
    assert by_number[number].sender == "the practice software"
    assert by_number[number].receiver == "Riverside Clinic"
    assert "as told" in page.read_text("utf-8")


def test_the_suite_plays_the_servers_that_are_not_declared(
    quarter: Quarter, tmp_path: Path
) -> None:
    wanted = ("S00", "S01", "S03", "S08", "S08b")
    steps = played(quarter, tmp_path, (), *wanted, servers=["clinic"])
    assert outcomes(steps) == {"passed": ["S00", "S01", "S03", "S08"], "skipped": ["S08b"]}
    assert "clinic and pharmacy are played by one resource server" in str(
        steps["S08b"].facts["message"]
    )


def test_a_client_of_somebody_else(quarter: Quarter, tmp_path: Path) -> None:
    wanted = ("S00", "S01", "S02", "S03", "S04", "S05", "S08", "S11", "S17", "S20")
    steps = played(quarter, tmp_path, quarter.client(), *wanted)
    assert outcomes(steps) == {
        "passed": ["S00", "S01", "S04", "S17"],
        "partly": ["S03", "S05"],
        "skipped": ["S02", "S08", "S11", "S20"],
    }
    messages = {name: str(step.facts["message"]) for name, step in steps.items()}
    assert "never got anything yet" in messages["S02"]
    assert messages["S03"] == (
        "not seen: what the RPT permits, as a client of somebody else keeps its RPT"
    )
    assert messages["S05"] == "not seen: how the client is answered with its RPT"
    assert "its own choice" in messages["S08"]
    assert "out of sight" in messages["S11"]
    record = (tmp_path / "run.json").read_text("utf-8")
    assert "exit status 0 of " in record
    assert f"/owners/alice/documents/C2 --method PUT --as osei --issuer {quarter.issuer}" in record
    assert "eyJ" not in record
    assert not any(secret in record for secret in quarter.environment.values())


def test_a_server_that_serves_without_permission_fails(
    quarter: Quarter, over_tls: OverTls, tmp_path: Path
) -> None:
    document = load_scenario("healthcare").resources["C2"].document
    with over_tls(quarter.certificate, lambda _: JSONResponse(document)) as url:
        steps = played(quarter, tmp_path, (), "S00", "S01", urls={"C2": url})
    assert outcomes(steps) == {"failed": ["S00", "S01"]}
    assert "no challenge of C2: status 200" in str(steps["S00"].facts["message"])
    assert "challenged was expected, served came" in str(steps["S01"].facts["message"])


def test_a_server_that_serves_another_document_fails(quarter: Quarter, tmp_path: Path) -> None:
    urls = {"C2": "/owners/alice/documents/C3"}
    steps = played(quarter, tmp_path, quarter.client(), "S00", "S01", "S03", urls=urls)
    assert outcomes(steps) == {"passed": ["S00", "S01"], "failed": ["S03"]}


@pytest.mark.parametrize(
    ("does", "outcome", "message"),
    [
        ("exit 1", "failed", "granted was expected, other came (refused, with exit status 1"),
        ("exit 3", "failed", "granted was expected, other came (put off, with exit status 3"),
        ("echo nothing", "failed", "other came (not the document of C2; exit status 0"),
        ("exit 2", "incomplete", "broken off: the client broke off with exit status 2"),
        ("sleep 5", "incomplete", "broken off: the client takes longer than 0.5 seconds"),
    ],
)
def test_a_client_that_gets_nothing_does_not_pass(
    quarter: Quarter, tmp_path: Path, does: str, outcome: str, message: str
) -> None:
    command = ["sh", "-c", f"exec 2>/dev/null; {does}", "{url}"]
    steps = played(quarter, tmp_path, command, "S00", "S01", "S03", more="seconds = 0.5")
    assert steps["S03"].facts["outcome"] == outcome
    assert message in str(steps["S03"].facts["message"])


HEAD = '[target]\nname = "x"\nrole = "as"\nissuer = "https://as.example"\n'
DRIVER = '[driver]\nkind = "table"\n'
SERVER = '[resource_servers.clinic]\nbase = "https://rs.example"\n'
RESOURCE = '[resource_servers.clinic.resources.C1]\nid = "1"\nurl = "/c1"\n'
GOOD = SERVER + RESOURCE


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f'{SERVER}bas = "x"\n{RESOURCE}', "resource_servers.clinic: unknown member bas; near"),
        (GOOD.replace("clinic", "klinic"), "resource_servers.klinic: there is no resource server"),
        (GOOD.replace("C1", "C9"), "resource_servers.clinic.resources.C9: there is no resource"),
        (GOOD.replace("C1", "L1"), "resource_servers.clinic.resources.L1: there is no resource"),
        (
            f'{GOOD}methods = {{ raed = "GET" }}',
            "methods.raed: there is no scope of C1 'raed' here",
        ),
        (f'{GOOD}document = "none.json"', "resources.C1.document: there is no file"),
        (f'{GOOD}document = "mine.toml"', "resources.C1.document: "),
        (GOOD.replace("https", "http"), "resources.C1.url: http://rs.example/c1 is not https"),
        (GOOD.replace("/c1", "ftp://x/c1"), "resources.C1.url: it has to be an https URL"),
        (f'{SERVER}ca_file = "none.pem"\n{RESOURCE}', "resource_servers.clinic.ca_file: there is"),
        (f'{SERVER}ca_file = "mine.toml"\n{RESOURCE}', "clinic.ca_file: "),
        ('[client]\ncommand = ["sh", "{url}"]', "client: it needs resource_servers"),
        (
            f'{GOOD}[client]\ncommand = ["sh", "{{uri}}"]',
            "client.command.1: there is no place 'uri'",
        ),
        (
            f'{GOOD}[client]\ncommand = ["sh", "{{url}}", "{{scope}}"]',
            "client.command.2: {scope} may",
        ),
        (f'{GOOD}[client]\ncommand = ["sh"]', "client.command: it has to name {url}"),
        (
            f'{GOOD}[client]\ncommand = ["no-such-program", "{{url}}"]',
            "client.command.0: there is no",
        ),
        (f'{GOOD}[client]\ncomand = ["sh"]', "client: unknown member comand; near to it: command"),
    ],
)
def test_a_wrong_declaration_is_named_with_file_and_key(
    tmp_path: Path, text: str, told: str
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(HEAD + DRIVER + text, "utf-8")
    result = replay("healthcare", path)
    assert result.exit_code == 2, result.output
    assert "mine.toml: " in result.output
    assert told in result.output


def test_a_resource_is_as_its_server_has_it(tmp_path: Path) -> None:
    (tmp_path / "own.json").write_text('{"kept": "here"}', "utf-8")
    more = 'document = "own.json"\nmethods = { update = "PATCH" }\n'
    target = parse_target(HEAD + DRIVER + GOOD + more, "mine.toml", tmp_path)
    place = read_others(target, load_scenario("healthcare")).servers["clinic"].places["C1"]
    assert (place.id, place.url) == ("1", "https://rs.example/c1")
    assert (place.document, place.methods) == ({"kept": "here"}, {"update": "PATCH"})


def test_the_built_in_reference_has_its_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        f'[target]\nname = "x"\nrole = "as"\n[driver]\nkind = "builtin"\n{GOOD}', "utf-8"
    )
    result = replay("healthcare", path)
    assert result.exit_code == 2
    assert "mine.toml: driver.kind: builtin starts a server that nobody else knows" in result.output
