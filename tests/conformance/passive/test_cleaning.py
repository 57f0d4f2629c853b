"""Nothing secret of the traffic of others reaches a report."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from uma_conformance.offline import Verdict
from uma_reports import write_reports

Make = Callable[..., dict[str, Any]]
JudgeHar = Callable[..., Verdict]
_UMA = "urn:ietf:params:oauth:grant-type:uma-ticket"


def canary(name: str) -> str:
    return f"canary-{name}-5f0c1a"


def test_no_secret_is_written(entry: Make, har: Make, judge_har: JudgeHar, tmp_path: Path) -> None:
    c = canary
    cookies = {"cookie": f"sid={c('cookie')}", "x-api-key": c("api-key"), "referer": c("referer")}
    form = {
        "grant_type": _UMA,
        "ticket": c("ticket"),
        "claim_token": c("claims"),
        "client_secret": c("secret"),
        "code_verifier": c("verifier"),
        "unheard_of": c("form"),
    }
    answer = {"access_token": c("rpt"), "token_type": "Bearer", "refresh_token": c("refresh")}
    back = f"https://client.example/back?session={c('session')}"
    visit = f"https://as.example/claims?ticket={c('visit')}&tab={c('tab')}&state={c('state')}&claims_redirect_uri="
    traffic = har(
        entry("POST", "/token", 200, answer, form=form, sent=cookies,
              received={"set-cookie": f"a=1\nb={c('set-cookie')}", "x-debug": c("debug")}),
        entry("POST", "/token", 400, f"<p>{c('page')}</p>", form=form,
              received={"content-type": "text/html"}),
        entry("GET", f"{visit}{back}", 302, f"<p>{c('html')}</p>",
              received={"location": f"{back}&ticket={c('new')}&state={c('state')}#x={c('hash')}"}),
        entry("POST", f"https://me:{c('userinfo')}@as.example/permission", 201,
              {"ticket": c("issued")}, body={"resource_id": "r", "resource_scopes": []}),
        entry("GET", f"/elsewhere?{c('elsewhere')}", 200, {"x": c("unrecognised")}),
    )  # fmt: skip
    verdict = judge_har(traffic)
    write_reports(verdict.record, tmp_path)
    assert len(verdict.record.exchanges) == 5
    for path in tmp_path.iterdir():
        text = path.read_text("utf-8")
        assert "canary" not in text, path.name
    written = json.loads((tmp_path / "run.json").read_text("utf-8"))
    assert "ticket%3A" in written["exchanges"][1]["request"]["body"]
