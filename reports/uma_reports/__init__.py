"""Run records and their renderings for people and for CI."""

from uma_reports.baseline import make_baseline
from uma_reports.claim import make_claim
from uma_reports.document import oracle_document, origin_document, to_document
from uma_reports.errors import RecordError, ReportError
from uma_reports.files import read_recording, read_run, write_run, write_text
from uma_reports.html import render_html
from uma_reports.junit import render_junit
from uma_reports.known import Baseline, BaselineEntry, EntryStanding, KnownFailure
from uma_reports.markdown import render_markdown
from uma_reports.oracle import KnownFault, Mutants, Oracle
from uma_reports.packs.model import PackResult, PackRowResult, PackSource
from uma_reports.packs.notice import notice
from uma_reports.reading import complete, from_document, recording_of
from uma_reports.record import (
    Claim,
    Counts,
    EpisodeRecord,
    ExchangeRecord,
    FailureRecord,
    GapRecord,
    Origin,
    OriginKind,
    Outcome,
    RequestRecord,
    ResponseRecord,
    Row,
    RunRecord,
    RunRecording,
    SectionSummary,
    Severity,
    Spec,
    SuiteInfo,
    Summary,
    TargetInfo,
    Timing,
)
from uma_reports.scenarios.model import ScenarioResult, StepOutcome, StepResult
from uma_reports.summary import summarise
from uma_reports.terminal import print_summary
from uma_reports.writing import write_reports

__all__ = [
    "Baseline",
    "BaselineEntry",
    "Claim",
    "Counts",
    "EntryStanding",
    "EpisodeRecord",
    "ExchangeRecord",
    "FailureRecord",
    "GapRecord",
    "KnownFailure",
    "KnownFault",
    "Mutants",
    "Oracle",
    "Origin",
    "OriginKind",
    "Outcome",
    "PackResult",
    "PackRowResult",
    "PackSource",
    "RecordError",
    "ReportError",
    "RequestRecord",
    "ResponseRecord",
    "Row",
    "RunRecord",
    "RunRecording",
    "ScenarioResult",
    "SectionSummary",
    "Severity",
    "Spec",
    "StepOutcome",
    "StepResult",
    "SuiteInfo",
    "Summary",
    "TargetInfo",
    "Timing",
    "complete",
    "from_document",
    "make_baseline",
    "make_claim",
    "notice",
    "oracle_document",
    "origin_document",
    "print_summary",
    "read_recording",
    "read_run",
    "recording_of",
    "render_html",
    "render_junit",
    "render_markdown",
    "summarise",
    "to_document",
    "write_reports",
    "write_run",
    "write_text",
]
