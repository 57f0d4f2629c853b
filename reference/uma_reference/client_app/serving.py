"""Running the client application as a program over TLS."""

import argparse
import json
import socket
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import IO, cast

import uvicorn

from uma_reference.client import FileWallet, HttpxSender, MemoryWallet, Wallet, WalletError
from uma_reference.client_app.app import create_app
from uma_reference.client_app.config import Config
from uma_reference.clock import SystemClock, SystemRandomness
from uma_reference.config_reader import ConfigError
from uma_reference.names import LOOPBACK


def run(arguments: Sequence[str], stdin: IO[str], stdout: IO[str], stderr: IO[str]) -> int:
    """Run the application until it is stopped; return the exit status."""
    options = _parser().parse_args(arguments)
    if options.host not in LOOPBACK and not options.allow_remote:
        print(f"{options.host} is not a loopback address; add --allow-remote", file=stderr)
        return 2
    try:
        text = (
            stdin.readline() if options.config == "-" else Path(options.config).read_text("utf-8")
        )
        document: object = json.loads(text)
    except (OSError, ValueError) as error:
        print(f"{options.config}: {error}", file=stderr)
        return 2
    try:
        listener = _listen(options.host, options.port)
    except OSError as error:
        print(f"{options.host}, port {options.port}: {error.strerror}", file=stderr)
        return 2
    with listener:
        return _run_at(listener, document, options, stdout, stderr)


def _run_at(
    listener: socket.socket,
    document: object,
    options: argparse.Namespace,
    stdout: IO[str],
    stderr: IO[str],
) -> int:
    port: int = listener.getsockname()[1]
    if isinstance(document, dict):
        host = f"[{options.host}]" if ":" in options.host else options.host
        cast("dict[str, object]", document).setdefault("base", f"https://{host}:{port}")
    try:
        config = Config.from_document(document)
        wallet = _wallet(config)
        context = ssl.create_default_context(cafile=options.ca_file)
        # Read here, so that a file that cannot be used is named.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(options.tls_cert, options.tls_key)
    except ConfigError as error:
        print(f"{options.config}: {error}", file=stderr)
        return 2
    except WalletError as error:
        print(error, file=stderr)
        return 2
    except OSError as error:
        files = ", ".join(filter(None, (options.tls_cert, options.tls_key, options.ca_file)))
        print(f"a certificate or key cannot be used ({files}): {error}", file=stderr)
        return 2
    sender = HttpxSender(verify=context)
    app = create_app(config, sender, wallet, SystemClock(), SystemRandomness())
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            ssl_certfile=options.tls_cert,
            ssl_keyfile=options.tls_key,
            log_level="warning",
            access_log=False,
            server_header=False,
            lifespan="off",
        )
    )
    print(json.dumps({"base": config.base, "port": port}), file=stdout, flush=True)
    try:
        server.run(sockets=[listener])
    finally:
        sender.close()
    return 0


def _wallet(config: Config) -> Wallet:
    if not config.wallet:
        return MemoryWallet()
    wallet = FileWallet(Path(config.wallet))
    wallet.read()
    return wallet


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, connections do without Nagle's delay; asyncio looks at that.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m uma_reference.client_app",
        description="Run the UMA 2.0 reference client as a web application over TLS.",
    )
    parser.add_argument("--config", required=True, help="configuration as a JSON file, or -")
    parser.add_argument("--tls-cert", required=True, help="certificate chain in PEM form")
    parser.add_argument("--tls-key", required=True, help="private key in PEM form")
    parser.add_argument("--ca-file", help="certificate authorities of the servers it talks to")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument(
        "--allow-remote", action="store_true", help="listen on an address beyond loopback"
    )
    return parser
