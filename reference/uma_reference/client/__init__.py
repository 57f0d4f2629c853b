"""The reference client of UMA 2.0: a pure state machine and a thin runner over HTTP."""

from uma_reference.client.claims import ClaimSource, ClaimToken, GivenClaims
from uma_reference.client.events import Event, Narrator, Observer, Secret
from uma_reference.client.flow import Flow, Options
from uma_reference.client.forgetting import Forgotten, Revoker
from uma_reference.client.holdings import Credentials, HeldPct, HeldRpt
from uma_reference.client.interaction import Interaction, LoopbackInteraction, NobodyReturned
from uma_reference.client.messages import HttpAnswer, HttpRequest, NoAnswer
from uma_reference.client.outcomes import Done, NeedsUser, Outcome, Refused, Waiting
from uma_reference.client.runner import UmaClient
from uma_reference.client.transport import HttpxSender, Sender
from uma_reference.client.wallet import FileWallet, Holdings, MemoryWallet, Wallet, WalletError
from uma_reference.documents import InvalidDocument, from_document, to_document
from uma_reference.names import ID_TOKEN_FORMAT

__all__ = [
    "ID_TOKEN_FORMAT",
    "ClaimSource",
    "ClaimToken",
    "Credentials",
    "Done",
    "Event",
    "FileWallet",
    "Flow",
    "Forgotten",
    "GivenClaims",
    "HeldPct",
    "HeldRpt",
    "Holdings",
    "HttpAnswer",
    "HttpRequest",
    "HttpxSender",
    "Interaction",
    "InvalidDocument",
    "LoopbackInteraction",
    "MemoryWallet",
    "Narrator",
    "NeedsUser",
    "NoAnswer",
    "NobodyReturned",
    "Observer",
    "Options",
    "Outcome",
    "Refused",
    "Revoker",
    "Secret",
    "Sender",
    "UmaClient",
    "Waiting",
    "Wallet",
    "WalletError",
    "from_document",
    "to_document",
]
