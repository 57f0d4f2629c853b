"""`uma2 client`: get a protected resource as a requesting party, and forget what was kept."""

import sys
import time
import webbrowser
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from uma_conformance.cli.client_options import (
    AllowHttp,
    AuthMethod,
    CaFile,
    ClientId,
    Issuer,
    KeyFile,
    Party,
    SecretEnv,
    WalletFile,
)
from uma_conformance.cli.client_settings import (
    credentials_of,
    default_wallet,
    given_claims,
    listening,
    trusted,
)
from uma_conformance.cli.exits import fail
from uma_reference.client import (
    ID_TOKEN_FORMAT,
    Done,
    FileWallet,
    HttpAnswer,
    HttpxSender,
    LoopbackInteraction,
    Narrator,
    NeedsUser,
    Options,
    Outcome,
    Refused,
    Revoker,
    UmaClient,
    WalletError,
)
from uma_reference.client.runner import system_random

_REFUSED = 1
_LATER = 3
_INTERRUPTED = 130


def client_commands() -> typer.Typer:
    """Return the commands `get` and `forget` of `uma2 client`."""
    app = typer.Typer(
        name="client", help="Be a client of UMA 2.0: get protected resources.", no_args_is_help=True
    )
    app.command()(get)
    app.command()(forget)
    return app


def get(  # noqa: PLR0913 - these are the options of a command
    url: Annotated[str, typer.Argument(help="The protected resource.")],
    *,
    party: Party = "me",
    client_id: ClientId = "",
    client_secret_env: SecretEnv = "",
    client_key: KeyFile = None,
    client_auth: AuthMethod = "client_secret_basic",
    issuer: Issuer = "",
    claim_token: Annotated[
        list[Path] | None,
        typer.Option("--claim-token", metavar="FILE", help="Claim token to push; repeatable."),
    ] = None,
    claim_token_format: Annotated[
        str, typer.Option("--claim-token-format", metavar="URI", help="Format of these tokens.")
    ] = ID_TOKEN_FORMAT,
    scope: Annotated[
        list[str] | None, typer.Option("--scope", metavar="S", help="Scope to ask for; repeatable.")
    ] = None,
    method: Annotated[str, typer.Option("--method", help="HTTP method.")] = "GET",
    data: Annotated[
        Path | None, typer.Option("--data", metavar="FILE", help="Body of the request.")
    ] = None,
    ca_file: CaFile = None,
    wallet: WalletFile = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the URL to visit instead of opening it.")
    ] = False,
    no_visit: Annotated[
        bool,
        typer.Option(
            "--no-visit", help="Nobody is there to visit the authorization server: be refused then."
        ),
    ] = False,
    callback_port: Annotated[
        int,
        typer.Option(
            "--callback-port",
            min=0,
            max=65535,
            help="Port of 127.0.0.1 to return to; 0: a free one.",
        ),
    ] = 0,
    proactive: Annotated[
        bool, typer.Option("--proactive", help="Visit the authorization server before asking it.")
    ] = False,
    wait: Annotated[
        float,
        typer.Option(
            "--wait", metavar="SECONDS", min=0, help="Longest wait for an owner's approval."
        ),
    ] = 0,
    http_on_loopback: AllowHttp = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write the resource there.")
    ] = None,
    verbose: Annotated[
        int,
        typer.Option("-v", "--verbose", count=True, help="Explain each step; -vv: all members."),
    ] = 0,
) -> None:
    """Get a protected resource, by all the steps of UMA that it takes.

    The resource goes to the standard output, explanations to the error output.

    Exit status: 0 got it, 1 refused, 2 usage or configuration, 3 try later (approval is pending
    or a server cannot be reached).
    """
    errors = Console(stderr=True)
    credentials = credentials_of(client_id, client_secret_env, client_key, client_auth, issuer)
    tokens = given_claims(claim_token or [], claim_token_format, issuer)
    body = _content(data)
    if out is not None and not out.absolute().parent.is_dir():
        fail(f"--out {out}: there is no folder {out.parent}")
    kept = FileWallet(wallet or default_wallet())
    with ExitStack() as opened:
        sender = HttpxSender(verify=trusted(ca_file))
        opened.callback(sender.close)
        try:
            registered = kept.read().clients if credentials is None else ()
            visit = LoopbackInteraction(
                _shower(errors, no_browser=no_browser), listening(callback_port, registered)
            )
            opened.callback(visit.close)
            client = UmaClient(
                sender,
                options=Options(
                    claims_redirect_uri=visit.claims_redirect_uri,
                    scope=tuple(item for text in scope or [] for item in text.split()),
                    proactive=proactive,
                    issuers=(issuer,) if issuer else (),
                    http_on_loopback=http_on_loopback,
                ),
                credentials=credentials,
                wallet=kept,
                claims=tokens,
                observer=_observer(errors, verbose),
                clock=time.time,
                sleep=time.sleep,
            )
            outcome = client.get(
                url,
                method.upper(),
                body,
                party=party,
                interaction=None if no_visit else visit,
                wait_seconds=wait,
                on_waiting=_Waiting(errors),
            )
        except WalletError as error:
            fail(f"--wallet {error}")
        except OSError as error:
            fail(f"--callback-port {callback_port}: nothing can listen there: {error.strerror}")
        except KeyboardInterrupt:
            _say(errors, "interrupted")
            raise typer.Exit(_INTERRUPTED) from None
    raise typer.Exit(_ended(outcome, out, errors))


def forget(  # noqa: PLR0913 - these are the options of a command
    url: Annotated[
        str, typer.Argument(help="Forget only what is for this server of resources.")
    ] = "",
    *,
    party: Party = "me",
    client_id: ClientId = "",
    client_secret_env: SecretEnv = "",
    client_key: KeyFile = None,
    client_auth: AuthMethod = "client_secret_basic",
    issuer: Issuer = "",
    ca_file: CaFile = None,
    wallet: WalletFile = None,
    http_on_loopback: AllowHttp = False,
) -> None:
    """Remove the tokens kept for a requesting party, and revoke them where that is possible.

    Exit status: 0 done, 2 usage or configuration, 3 removed here, but not everything is revoked.
    """
    errors = Console(stderr=True)
    credentials = credentials_of(client_id, client_secret_env, client_key, client_auth, issuer)
    sender = HttpxSender(verify=trusted(ca_file))
    revoker = Revoker(
        sender,
        FileWallet(wallet or default_wallet()),
        system_random,
        credentials,
        http_on_loopback=http_on_loopback,
    )
    try:
        found = revoker.forget(party, url)
    except WalletError as error:
        fail(f"--wallet {error}")
    except ValueError as error:
        fail(f"{url}: {error}")
    finally:
        sender.close()
    for problem in found.problems:
        _say(errors, problem)
    _say(errors, f"{found.removed} removed for {party!r}, {found.revoked} revoked")
    raise typer.Exit(_LATER if found.problems else 0)


def _ended(outcome: Outcome, out: Path | None, errors: Console) -> int:
    match outcome:
        case Done(response):
            return _written(response, out, errors)
        case Refused(_, why, passing):
            _say(errors, why)
            return _LATER if passing else _REFUSED
        case NeedsUser():
            _say(errors, "the authorization server wants to ask you, and no browser is there")
            return _REFUSED
        case _:
            _say(errors, "the resource owner has not decided yet; try later, or wait with --wait")
            return _LATER


def _written(response: HttpAnswer, out: Path | None, errors: Console) -> int:
    fine = 200 <= response.status < 300
    if not fine:
        _say(errors, f"the resource server answers with status {response.status}")
    if out is not None and fine:
        try:
            out.write_bytes(response.body)
        except OSError as error:
            fail(f"--out {out}: it cannot be written: {error.strerror}")
    else:
        sys.stdout.buffer.write(response.body)
        sys.stdout.buffer.flush()
    return 0 if fine else _REFUSED


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Says how long the next wait for the owner is."""

    errors: Console

    def __call__(self, seconds: float) -> None:
        _say(self.errors, f"waiting for the resource owner; asking again in {seconds:.0f} s")


def _shower(errors: Console, *, no_browser: bool) -> Callable[[str], object]:
    def show(url: str) -> None:
        if no_browser or not webbrowser.open(url):
            _say(errors, f"visit this address to go on: {url}")
        else:
            _say(errors, "your browser shows a page of the authorization server")

    return show


def _observer(errors: Console, verbose: int) -> Narrator:
    def write(line: str) -> None:
        errors.print(line, markup=False, highlight=False, soft_wrap=True)

    return Narrator(write if verbose else lambda _: None, members=verbose > 1)


def _content(data: Path | None) -> bytes:
    if data is None:
        return b""
    try:
        return data.read_bytes()
    except OSError as error:
        fail(f"--data {data}: it cannot be read: {error.strerror}")


def _say(errors: Console, text: str) -> None:
    errors.print(f"uma2: {text}", markup=False, highlight=False, soft_wrap=True)
