"""A hook server for the reference authorization server; docs/drivers.md says how to run it."""

import hmac
import json
import os
import ssl
import sys
import urllib.request
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

if missing := {"AS", "AS_CA", "AS_PASSWORDS"} - os.environ.keys():
    sys.exit(f"set {', '.join(sorted(missing))} in the environment, as docs/drivers.md says")
AS = os.environ["AS"]
PASSWORDS: dict[str, str] = json.loads(os.environ["AS_PASSWORDS"])
TLS = ssl.create_default_context(cafile=os.environ["AS_CA"])
DECISIONS = {"go on": "continue", "be remembered": "continue", "cancel": "cancel"}
Message = dict[str, Any]


def call(method: str, path: str, body: object = None, owner: str = "") -> Any:
    request = urllib.request.Request(AS + path, json.dumps(body).encode(), method=method)
    request.add_header("content-type", "application/json")
    if owner:
        pair = b64encode(f"{owner}:{PASSWORDS[owner]}".encode()).decode()
        request.add_header("authorization", f"Basic {pair}")
    with urllib.request.urlopen(request, context=TLS) as answer:
        return json.loads(answer.read() or b"null")


class Hooks:
    def open(self, message: Message) -> Message:
        return {"protocol": message["protocol"]}

    def set_policy(self, message: Message) -> Message:
        policies: list[Message] = []
        for policy in message["policies"]:
            # Whose word counts: that of this server alone, if the party has to come to it.
            issuer = AS if policy["by_visit"] else os.environ["IDENTITY_PROVIDER"]
            wanted = [
                {"claim": claim, "values": [value], "issuer": issuer, "friendly_name": claim}
                for claim, value in {**policy["identity"], **policy["also"]}.items()
            ]
            policies.append({**policy, "conditions": wanted})
        place = f"/owner/resources/{message['resource_id']}/policies"
        call("PUT", place, policies, message["owner"])
        return {}

    def short_lived_tickets(self, message: Message) -> Message:
        return self.pass_time({"seconds": 300}) if message["step"] == "wait" else {}

    def pass_time(self, message: Message) -> Message:
        call("POST", "/controls/clock", {"advance": int(message["seconds"]) + 1})
        return {}

    def act_as(self, message: Message) -> Message:
        for form in message["page"]["forms"]:
            sent = {name: value for name, value in form["fields"].items() if value}
            step = {"do": "submit", "url": form["action"], "fields": sent}
            if form["action"] == f"{AS}/sign-in":
                sent |= {"name": message["party"], "password": PASSWORDS[message["party"]]}
                return step | {"secret_fields": ["password"]}
            if form["action"] == f"{AS}/claims/visit":
                sent |= {"persist": "yes"} if message["wish"] == "be remembered" else {}
                return step | {"fields": {"decision": DECISIONS[message["wish"]], **sent}}
        return {"do": "stop"}

    def settle(self, message: Message) -> Message:
        decision = {"decision": "approve" if message["approve"] else "deny"}
        for request in call("GET", "/owner/requests", None, message["owner"]):
            wanted = [permission["resource_id"] for permission in request["permissions"]]
            if request["standing"] == "pending" and message["resource_id"] in wanted:
                call("POST", f"/owner/requests/{request['id']}", decision, message["owner"])
        return {}


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        status, answer = self.answer()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def answer(self) -> tuple[int, Message]:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        expected = f"Bearer {os.environ['UMA2_HOOK_SECRET']}".encode()
        if not hmac.compare_digest(self.headers.get("authorization", "").encode(), expected):
            return 401, {"error": "the secret is wrong"}
        hook = getattr(Hooks(), self.path.strip("/_"), None)
        try:
            return (200, hook(json.loads(body))) if hook else (501, {"unsupported": "no such hook"})
        except (OSError, ValueError, KeyError) as error:
            return 500, {"error": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
