"""`uma2 judge`: verdicts from what was recorded, without a target."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from uma_conformance.cli.baselines import (
    BaselineOption,
    Baselines,
    ExpiresOption,
    WriteBaselineOption,
)
from uma_conformance.cli.exits import fail
from uma_conformance.cli.packs import PackOption, chosen_packs
from uma_conformance.near import did_you_mean

if TYPE_CHECKING:
    from uma_conformance.offline import Verdict


def judge(  # noqa: PLR0913 - each is an option of the command
    recorded: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="The run.json of an earlier run, or a HAR file of a browser or proxy.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", metavar="DIR", help="Folder for run.json and the reports."),
    ] = Path("uma2-report"),
    issuer: Annotated[
        str,
        typer.Option(
            "--issuer",
            metavar="URL",
            help="For a HAR file: the issuer to judge.",
            show_default=False,
        ),
    ] = "",
    endpoint: Annotated[
        list[str] | None,
        typer.Option(
            "--endpoint",
            metavar="NAME=URL",
            help="For a HAR file without a discovery document: an endpoint (token, permission, "
            "resource_registration, introspection or claims_interaction). Repeat it for others.",
            show_default=False,
        ),
    ] = None,
    pack: PackOption = None,
    baseline: BaselineOption = None,
    write_baseline: WriteBaselineOption = None,
    baseline_expires: ExpiresOption = "",
) -> None:
    """Judge a recording again, or the traffic of others, and write the reports. Nothing is sent.

    A run.json gives the verdicts of its run, on any machine. From a HAR file, rows are judged that
    its exchanges show by themselves, and all others stay silent: it never shows conformance. The
    packs of a run.json are those that its run was asked for; --pack is for HAR files.

    Exit status: 0 conformant, 1 not conformant, 2 usage or configuration, 3 incomplete.
    """
    # Imported late: the other commands do not need the checks to start.
    from uma_conformance.cli.reporting import prepare, report  # noqa: PLC0415 - see above
    from uma_reports import RecordError, ReportError  # noqa: PLC0415 - see above

    prepare(out)
    baselines = Baselines.told(baseline, write_baseline, baseline_expires)
    try:
        verdict = _verdict(recorded, issuer, endpoint or [], chosen_packs(pack))
        raise typer.Exit(report(verdict.record, verdict.faults_of_suite, out, baselines))
    except RecordError as error:
        fail(f"{recorded}: {error}")
    except ReportError as error:
        fail(str(error))


def _verdict(
    recorded: Path, issuer: str, given: Sequence[str], packs: tuple[str, ...]
) -> "Verdict":
    from uma_conformance.offline import judge_again, judge_case  # noqa: PLC0415 - as above
    from uma_conformance.overheard import case_of  # noqa: PLC0415 - as above
    from uma_conformance.traffic.recognition import UnknownServer  # noqa: PLC0415 - as above
    from uma_reports import recording_of  # noqa: PLC0415 - as above

    content, document = _read(recorded)
    if "log" not in document:
        if issuer or given:
            fail(f"{recorded}: this is no HAR file; --issuer and --endpoint are for those only")
        if packs:
            fail(
                f"{recorded}: --pack is for HAR files only: a run.json is judged by the packs that "
                "its run was asked for; run `uma2 certify --pack` to record what others need"
            )
        return judge_again(recording_of(document))
    try:
        return judge_case(case_of(document, content, issuer, _endpoints(given), packs))
    except UnknownServer as question:
        fail(f"{recorded}: {question}; say which server is meant with --issuer or --endpoint")


def _read(path: Path) -> tuple[bytes, Mapping[str, object]]:
    from uma_conformance.jsonvalue import object_of  # noqa: PLC0415 - as above

    try:
        content = path.read_bytes()
        # Some programs write a byte order mark before their HAR.
        document: object = json.loads(content.decode("utf-8-sig"))
    except OSError as error:
        fail(f"{path}: cannot be read: {error.strerror}")
    except (ValueError, RecursionError) as error:
        fail(f"{path}: is not JSON: {error}")
    members = object_of(document)
    if not members:
        fail(f"{path}: $: neither a run record nor a HAR file; both are JSON objects with members")
    return content, members


def _endpoints(given: Sequence[str]) -> dict[str, str]:
    from uma_conformance.actors.metadata import is_web_uri  # noqa: PLC0415 - as above
    from uma_conformance.traffic.recognition import ENDPOINTS  # noqa: PLC0415 - as above

    found: dict[str, str] = {}
    for item in given:
        name, _, url = item.partition("=")
        name = name.removesuffix("_endpoint")
        if name not in ENDPOINTS:
            known = ", ".join(ENDPOINTS)
            fail(
                f"--endpoint {item}: there is no endpoint {name!r}; there are: {known}"
                f"{did_you_mean(name, ENDPOINTS)}"
            )
        if not is_web_uri(url):
            fail(f"--endpoint {item}: give its address, as in {name}=https://as.example/{name}")
        found[name] = url
    return found
