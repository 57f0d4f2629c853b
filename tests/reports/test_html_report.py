"""The HTML report: one well-formed file that loads nothing and lets nothing through."""

import base64
import hashlib
import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from uma_reports import ExchangeRecord, Outcome, ResponseRecord, Row, RunRecord, render_html

MakeRow = Callable[..., Row]
MakeExchange = Callable[..., ExchangeRecord]
MakeRecord = Callable[..., RunRecord]

_VOID = {"meta", "input", "br", "hr", "img", "link"}
_NAMES = ["clean", "mixed", "hostile", "large"]


class _Page(HTMLParser):
    """Collects tags, attributes and text, and refuses tags that do not nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.ids: list[str] = []
        self.texts: list[str] = []
        self.rows: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        members = dict(attrs)
        assert len(members) == len(attrs), "an attribute is there twice"
        self.tags.append((tag, members))
        if identifier := members.get("id"):
            self.ids.append(identifier)
            if identifier.startswith("row-"):
                self.rows.append(identifier.removeprefix("row-"))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self) -> str:
        return "".join(self.texts)


@pytest.mark.parametrize("name", _NAMES)
def test_the_page_is_well_formed(name: str, request: pytest.FixtureRequest) -> None:
    """Tags nest, ids are unique, and every link inside the page leads somewhere."""
    page = _Page(render_html(request.getfixturevalue(name)))
    assert len(page.ids) == len(set(page.ids))
    inner = {
        href.removeprefix("#")
        for attributes in page.named("a")
        if (href := attributes.get("href") or "").startswith("#")
    }
    assert inner <= set(page.ids)


@pytest.mark.parametrize("name", _NAMES)
def test_the_page_loads_nothing(name: str, request: pytest.FixtureRequest) -> None:
    """The web is only linked to, nothing has a source, and no attribute runs a script."""
    text = render_html(request.getfixturevalue(name))
    page = _Page(text)
    for tag, attributes in page.tags:
        assert not {"src", "srcset", "style", "action", "data", "poster"} & set(attributes)
        assert not [key for key in attributes if key.startswith("on")]
        if "href" in attributes:
            assert tag == "a"
            assert (attributes["href"] or "").startswith(
                ("#", "https://docs.kantarainitiative.org/")
            )
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"img", "link", "iframe", "object", "embed", "base", "audio", "video"}
    assert len(page.named("script")) == len(page.named("style")) == 1
    assert "@import" not in text
    assert "url(" not in text.partition("<style>")[2].partition("</style>")[0]


def test_only_our_own_script_and_style_may_run(hostile: RunRecord) -> None:
    """The content security policy names the digests of exactly the two inline texts."""
    text = render_html(hostile)
    policy = next(
        attributes["content"] or ""
        for attributes in _Page(text).named("meta")
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'; ")
    for tag in ("script", "style"):
        inline = text.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_hostile_text_is_shown_and_does_nothing(hostile: RunRecord) -> None:
    """What a target says stays text, and what cannot be seen in it is spelled out."""
    text = render_html(hostile)
    page = _Page(text)
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "</script><script>alert(1)</script> <img src=x onerror=alert(2)>" in page.text
    assert "⟨U+001B⟩[31mred" in page.text
    assert "{{ 7*7 }}" in page.text
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text
    )


@pytest.mark.parametrize(
    ("name", "verdict", "style"),
    [("clean", "Conformant", "yes"), ("mixed", "Not conformant", "no")],
)
def test_the_claim_is_said_in_words(
    name: str, verdict: str, style: str, request: pytest.FixtureRequest
) -> None:
    """The verdict stands in words and in the title, and the sentence is the record's."""
    record: RunRecord = request.getfixturevalue(name)
    text = render_html(record)
    assert f"</span>{verdict}</h2>" in text
    assert f'class="claim {style}"' in text
    assert f"<title>{verdict}: Reference AS" in text
    assert record.claim.sentence in _Page(text).text


def test_an_empty_record(make_record: MakeRecord) -> None:
    """A record with no row still makes a page, and claims nothing."""
    page = _Page(render_html(make_record()))
    assert "No claim: no error row of UMA 2.0 was judged" in page.text
    assert "The record has no rows." in page.text
    assert "Nothing was sent." in page.text


def test_failed_rows_come_first(mixed: RunRecord) -> None:
    """Inside a section failed error rows come first, and so does the section that has one."""
    rows = _Page(render_html(mixed)).rows
    assert rows[0] == "G-2-02"
    assert set(rows[1:3]) == {"G-2-03", "G-2-04"}
    assert rows[-1] == "F-3.2.1-01"
    assert len(rows) == len(mixed.rows)


def test_a_failed_row_shows_its_exchanges_in_full(mixed: RunRecord) -> None:
    """Request, headers, laid out bodies, answer or its lack, time and curl are all there."""
    text = _Page(render_html(mixed)).text
    start = text.index("The authorization server does what statement 2 says.")
    evidence = text[
        start : text.index("The authorization server does what statement 3 says.", start)
    ]
    for shown in (
        "status 200 instead of 4xx\nand no error member",
        "Clients cannot find the token endpoint.",
        "suite.authorization_server.test_discovery::test_document",
        "POST https://as.example/token",
        "content-type: application/x-www-form-urlencoded",
        "grant_type = urn:ietf:params:oauth:grant-type:uma-ticket",
        '{\n  "error": "invalid_grant",\n  "n": [\n    1,\n    2,\n    {}\n  ]',
        "cache-control: no-store",
        "took 4 ms",
        "No answer (timeout). no answer within 5 s",
        "curl --include --request POST https://as.example/token",
    ):
        assert shown in evidence, shown


def test_a_passed_row_links_its_exchanges(make_row: MakeRow, make_exchange: MakeExchange,
                                          make_record: MakeRecord) -> None:  # fmt: skip
    """Evidence of a row that did not fail stands in the appendix only."""
    text = render_html(make_record([make_row(exchanges=(1,))], [make_exchange(1)]))
    assert text.count('<a href="#exchange-1">') == 1
    assert text.count('"error"'.replace('"', "&#34;")) == 1


def test_many_exchanges_of_a_failed_row(make_row: MakeRow, make_exchange: MakeExchange,
                                        make_record: MakeRecord) -> None:  # fmt: skip
    """Beyond the first twenty, exchanges are linked, so that a report stays readable."""
    row = make_row(outcome=Outcome.FAILED, message="no", exchanges=tuple(range(1, 31)))
    text = _Page(render_html(make_record([row], map(make_exchange, range(1, 31))))).text
    assert "And 10 more exchanges, in full in the appendix:" in text


def test_a_huge_body_is_shortened(make_row: MakeRow, make_exchange: MakeExchange,
                                  make_record: MakeRecord) -> None:  # fmt: skip
    """A body over 10 kB is cut, and the page says how much was left out."""
    answer = ResponseRecord(200, (), "x" * 5_000_000, truncated=True)
    text = render_html(make_record([make_row()], [make_exchange(1, response=answer)]))
    assert len(text) < 200_000
    assert "4,990,000 more characters are left out here" in text
    assert "the body was longer than the limit of the run" in text


def test_silent_rows_and_gaps_are_said(mixed: RunRecord, make_record: MakeRecord) -> None:
    """A silent row is called a gap of the suite, and a probe that ended early says why."""
    silent = make_record(mixed.rows, mixed.exchanges, mixed.episodes, ("G-2-01",))
    text = " ".join(_Page(render_html(silent)).text.split())
    assert (
        "1 planned row stayed silent: not covered by any check of this version. This is a gap"
        in text
    )
    assert "tickets.expired: untested. the driver cannot let time pass" in text


def test_a_large_record_stays_handy(large: RunRecord) -> None:
    """400 rows and 500 exchanges make a page of a few megabytes, with every row and exchange."""
    text = render_html(large)
    page = _Page(text)
    assert len(text) < 4_000_000
    assert len(page.rows) == 400
    assert sum(name.startswith("exchange-") for name in page.ids) == 500


def test_the_page_can_be_found_around_in(mixed: RunRecord) -> None:
    """Landmarks, a skip link, labelled tables and a filter that is off without scripts."""
    page = _Page(render_html(mixed))
    tags = [tag for tag, _ in page.tags]
    assert [tags.count(tag) for tag in ("main", "nav", "h1", "footer")] == [1, 1, 1, 1]
    assert page.named("html") == [{"lang": "en"}]
    assert {"class": "skip", "href": "#rows"} in page.named("a")
    assert all(
        "scope" in attributes or "aria-hidden" in attributes for attributes in page.named("th")
    )
    assert tags.count("caption") == tags.count("table")
    form = next(attributes for attributes in page.named("form"))
    assert "hidden" in form


def test_failed_rows_alone_have_the_diagram_of_their_exchanges(mixed: RunRecord) -> None:
    page = render_html(mixed)

    rows = re.split(r'<details class="row ', page)[1:]
    drawn = [
        row.partition('id="row-')[2].partition('"')[0] for row in rows if '<svg class="uma' in row
    ]
    failed = [r.id for r in mixed.rows if r.outcome is Outcome.FAILED and r.exchanges]
    assert sorted(drawn) == sorted(failed)
    assert all(f"✕ fails {row}" in page for row in failed)
