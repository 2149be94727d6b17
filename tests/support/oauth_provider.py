# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""An identity provider that verifies client assertions with Authlib, on a listener of the emulator."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Request, grants
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion

from tests.emulator.identity import TOKEN_PATH
from tests.emulator.listener import Listener
from tests.emulator.messages import Reply, Request, json_reply

if TYPE_CHECKING:
    import ssl

    from joserfc.jwk import Key


class Client(ClientMixin):  # type: ignore[misc]
    """A client that may authenticate with signed tokens, and in no other way."""

    def __init__(self, client_id: str, key: Key) -> None:
        self.client_id = client_id
        self.key = key

    def get_client_id(self) -> str:
        return self.client_id

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == Assertions.CLIENT_AUTH_METHOD

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == Grant.GRANT_TYPE

    def get_allowed_scope(self, scope: str | None) -> str:
        return scope or ""


class Assertions(JWTBearerClientAssertion):  # type: ignore[misc]
    """Verifies signature, issuer, subject, audience, expiry, and that no token is used twice."""

    def __init__(self, audience: str, *, single_use: bool) -> None:
        super().__init__(validate_jti=single_use)
        self.audience = audience
        self.used: set[str] = set()

    def get_audiences(self) -> list[str]:
        return [self.audience]

    def resolve_client_public_key(self, client: Client) -> Key:
        return client.key

    def validate_jti(self, claims: object, jti: str) -> bool:
        used = jti in self.used
        self.used.add(jti)
        return not used


class Grant(grants.ClientCredentialsGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", Assertions.CLIENT_AUTH_METHOD)


class TokenRequest(OAuth2Request):  # type: ignore[misc]
    def __init__(self, uri: str, request: Request) -> None:
        super().__init__(request.method, uri, headers=dict(request.headers))
        self.payload = BasicOAuth2Payload(dict(parse_qsl(request.body.decode())))

    @property
    def form(self) -> Any:
        return self.payload.data


class Server(AuthorizationServer):  # type: ignore[misc]
    def __init__(self, provider: OAuthProvider, *, single_use: bool) -> None:
        super().__init__()
        self.provider = provider
        generator = BearerTokenGenerator(lambda **_arguments: secrets.token_urlsafe(24))
        self.register_token_generator("default", generator)
        assertions = Assertions(provider.token_url, single_use=single_use)
        self.register_client_auth_method(Assertions.CLIENT_AUTH_METHOD, assertions)
        self.register_grant(Grant)

    def query_client(self, client_id: str) -> Client | None:
        key = self.provider.keys.get(client_id)
        return Client(client_id, key) if key else None

    def save_token(self, token: dict[str, str], request: TokenRequest) -> None:
        self.provider.issued[token["access_token"]] = request.client.client_id

    def create_oauth2_request(self, request: Request) -> TokenRequest:
        return TokenRequest(self.provider.token_url, request)

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """There are no signals."""

    def handle_response(self, status: int, body: object, headers: list[tuple[str, str]]) -> Reply:
        kept = {name: value for name, value in headers if name != "Content-Type"}
        return json_reply(status, body, kept)


class OAuthProvider(Listener):
    """A token endpoint that knows the key of each client."""

    def __init__(
        self, context: ssl.SSLContext | None, keys: dict[str, Key], *, single_use: bool = False
    ) -> None:
        super().__init__(context, (), 0.0)
        self.keys = keys
        self.issued: dict[str, str] = {}
        self.token_url = self.url + TOKEN_PATH
        self._server = Server(self, single_use=single_use)

    def subject(self, token: str) -> str | None:
        """Return the client that an issued token belongs to."""
        return self.issued.get(token)

    def answer(self, request: Request) -> Reply:
        reply = self._server.create_token_response(request)
        assert isinstance(reply, Reply)
        return reply
