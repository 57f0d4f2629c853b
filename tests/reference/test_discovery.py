"""The discovery document (Grant 2, FedAuthz 2)."""

import httpx
import pytest

WELL_KNOWN = "/.well-known/uma2-configuration"
UMA_GRANT = "urn:ietf:params:oauth:grant-type:uma-ticket"


def test_the_document_is_public_json(server: httpx.Client) -> None:
    answer = server.get(WELL_KNOWN)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"


def test_the_issuer_is_the_configured_one(server: httpx.Client) -> None:
    assert server.get(WELL_KNOWN).json()["issuer"] == "https://as.example"


@pytest.mark.parametrize(
    ("member", "path"),
    [
        ("token_endpoint", "/token"),
        ("introspection_endpoint", "/introspect"),
        ("permission_endpoint", "/perm"),
        ("resource_registration_endpoint", "/rreg"),
    ],
)
def test_every_endpoint_is_an_address_below_the_issuer(
    server: httpx.Client, member: str, path: str
) -> None:
    assert server.get(WELL_KNOWN).json()[member] == f"https://as.example{path}"


@pytest.mark.parametrize(
    "member",
    [
        "token_endpoint",
        "introspection_endpoint",
        "permission_endpoint",
        "resource_registration_endpoint",
    ],
)
def test_at_every_advertised_endpoint_something_answers(server: httpx.Client, member: str) -> None:
    address = server.get(WELL_KNOWN).json()[member]
    assert server.post(address).status_code in {400, 401}


def test_the_supported_grants_are_named(server: httpx.Client) -> None:
    assert set(server.get(WELL_KNOWN).json()["grant_types_supported"]) == {
        "authorization_code",
        "client_credentials",
        UMA_GRANT,
    }


def test_the_required_member_of_oauth_metadata_is_there(server: httpx.Client) -> None:
    assert isinstance(server.get(WELL_KNOWN).json()["response_types_supported"], list)


def test_every_way_of_client_authentication_is_named(server: httpx.Client) -> None:
    methods = server.get(WELL_KNOWN).json()["token_endpoint_auth_methods_supported"]
    assert set(methods) == {"client_secret_basic", "client_secret_post", "private_key_jwt", "none"}


@pytest.mark.parametrize(
    "member", ["claims_interaction_endpoint", "registration_endpoint", "revocation_endpoint"]
)
def test_what_the_server_does_not_have_is_not_advertised(server: httpx.Client, member: str) -> None:
    assert member not in server.get(WELL_KNOWN).json()


def test_other_methods_are_refused(server: httpx.Client) -> None:
    answer = server.post(WELL_KNOWN)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"


def test_an_unknown_address_is_not_found(server: httpx.Client) -> None:
    answer = server.get("/.well-known/openid-configuration")
    assert answer.status_code == 404
    assert answer.json()["error"] == "not_found"


class TestIssuerWithPath:
    @pytest.fixture
    def document(self, document: dict[str, object]) -> dict[str, object]:
        return {**document, "issuer": "https://as.example/realms/one"}

    def test_the_well_known_string_is_appended_to_the_issuer(self, server: httpx.Client) -> None:
        answer = server.get(f"https://as.example/realms/one{WELL_KNOWN}")
        assert answer.json()["issuer"] == "https://as.example/realms/one"

    def test_nothing_lives_outside_of_the_path(self, server: httpx.Client) -> None:
        assert server.get(f"https://as.example{WELL_KNOWN}").status_code == 404

    def test_the_advertised_token_endpoint_issues_tokens(self, server: httpx.Client) -> None:
        answer = server.post(
            server.get(WELL_KNOWN).json()["token_endpoint"],
            data={"grant_type": "client_credentials"},
            auth=("client", "client-secret"),
        )
        assert answer.status_code == 200

    def test_the_location_of_a_resource_lies_below_the_path(
        self, server: httpx.Client, pat: dict[str, str]
    ) -> None:
        answer = server.post("/rreg", json={"resource_scopes": []}, headers=pat)
        assert answer.headers["location"].startswith("https://as.example/realms/one/rreg/")
        assert server.get(answer.headers["location"], headers=pat).status_code == 200
