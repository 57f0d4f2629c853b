"""`uma2 client forget`: what is kept goes, here and at the authorization server."""

import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer.testing import Result

if TYPE_CHECKING:
    from tests.conformance.cli_client.conftest import Scripted
else:
    Scripted = Any

GRANT: dict[str, object] = {"access_token": "canary-rpt"}


def test_what_is_kept_can_be_forgotten_and_revoked(
    script: Scripted, uma2: Callable[..., Result], wallet_file: Path
) -> None:
    script.answers.append({**GRANT, "pct": "canary-pct", "refresh_token": "canary-refresh"})
    assert uma2("get", f"{script.base}/photo", "--as=bob").exit_code == 0
    assert stat.S_IMODE(wallet_file.stat().st_mode) == 0o600
    assert uma2("forget").exit_code == 0
    assert "canary-pct" in wallet_file.read_text()
    result = uma2("forget", "--as=bob")
    assert result.exit_code == 0
    assert "2 removed for 'bob', 3 revoked" in result.stderr
    hints = {item["token_type_hint"]: item["token"] for item in script.revoked}
    assert hints == {
        "refresh_token": "canary-refresh",
        "access_token": "canary-rpt",
        "pct": "canary-pct",
    }
    assert "canary-pct" not in wallet_file.read_text()
