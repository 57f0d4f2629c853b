"""Options that the commands of `uma2 client` share."""

from pathlib import Path
from typing import Annotated

import typer

Party = Annotated[str, typer.Option("--as", metavar="NAME", help="Requesting party to act for.")]
ClientId = Annotated[
    str, typer.Option("--client-id", metavar="ID", help="Client identifier at the server.")
]
SecretEnv = Annotated[
    str,
    typer.Option(
        "--client-secret-env", metavar="VAR", help="Environment variable with the client's secret."
    ),
]
KeyFile = Annotated[
    Path | None,
    typer.Option("--client-key", metavar="FILE", help="Private key (PEM) for private_key_jwt."),
]
AuthMethod = Annotated[
    str,
    typer.Option(
        "--client-auth",
        metavar="METHOD",
        help="client_secret_basic or client_secret_post, with a secret.",
    ),
]
Issuer = Annotated[
    str,
    typer.Option(
        "--issuer",
        metavar="URL",
        help="The only authorization server to deal with; credentials and claims go to no other.",
    ),
]
CaFile = Annotated[
    Path | None, typer.Option("--ca-file", metavar="PEM", help="Authority to trust for TLS.")
]
WalletFile = Annotated[
    Path | None,
    typer.Option(
        "--wallet", metavar="FILE", help="File that keeps tokens.", show_default="a file of yours"
    ),
]
AllowHttp = Annotated[
    bool, typer.Option("--allow-http-on-loopback", help="Allow plain http on this machine.")
]
