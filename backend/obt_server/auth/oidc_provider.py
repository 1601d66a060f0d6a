"""OpenID Connect (Core 1.0): the authorization code flow with PKCE against the one provider that the settings name."""

# Authlib has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from pydantic import BaseModel, ValidationError

from obt_server.config import Settings
from obt_server.errors import ObtError

TIMEOUT_S = 10.0
CLOCK_LEEWAY_S = 60
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""Signatures by a key pair alone: with a shared secret, whoever knows it could sign in as anybody."""
Claims = Mapping[str, Any]


class OidcFailedError(ObtError):
    """The provider, or what the browser brought from it, is not what it should be."""

    status = 401
    code = "oidc_failed"


@dataclass(frozen=True, slots=True)
class Flow:
    """What a browser keeps between leaving for the provider and coming back."""

    state: str
    nonce: str
    verifier: str

    @property
    def cookie(self) -> str:
        """Write it into a cookie."""
        return f"{self.state}.{self.nonce}.{self.verifier}"

    @classmethod
    def of_cookie(cls, value: str) -> Self:
        """Read it again. Raises ValueError for anything else."""
        state, nonce, verifier = value.split(".")
        return cls(state, nonce, verifier)


class Metadata(BaseModel):
    """What a provider says of itself (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


@dataclass(frozen=True, slots=True)
class Provider:
    """The provider of the settings. `redirect_uri` is where it sends browsers back to."""

    issuer: str
    client_id: str
    client_secret: str
    scopes: str
    redirect_uri: str

    async def begin(self) -> tuple[str, Flow]:
        """Return where to send the browser, and what it has to bring back. Raises OidcFailedError."""
        flow = Flow(state=_random(), nonce=_random(), verifier=_random() + _random())
        async with self._client() as client:
            metadata = await self._metadata(client)
            url, _ = client.create_authorization_url(
                metadata.authorization_endpoint, state=flow.state, nonce=flow.nonce, code_verifier=flow.verifier
            )
        return url, flow

    async def finish(self, code: str, flow: Flow) -> Claims:
        """Return what the provider says of who signed in there. Raises OidcFailedError."""
        try:
            async with self._client() as client:
                metadata = await self._metadata(client)
                token = await client.fetch_token(
                    metadata.token_endpoint, grant_type="authorization_code", code=code, code_verifier=flow.verifier
                )
                keys = KeySet.import_key_set(await _get(client, metadata.jwks_uri))
            return self._checked(token, keys, flow.nonce)
        except (httpx2.HTTPError, OAuthError, JoseError, ValueError, KeyError, TypeError) as error:
            raise OidcFailedError("The provider's answer cannot be trusted or understood. Try again.") from error

    def _checked(self, token: Mapping[str, Any], keys: KeySet, nonce: str) -> Claims:
        registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        decoded = jwt.decode(token["id_token"], keys, registry=registry)
        expected = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self.client_id},
        }
        params = {"nonce": nonce, "client_id": self.client_id, "access_token": token.get("access_token")}
        claims = CodeIDToken(decoded.claims, decoded.header, expected, params)
        claims.validate(leeway=CLOCK_LEEWAY_S)
        return dict(claims)

    def _client(self) -> Any:
        return AsyncOAuth2Client(
            self.client_id,
            self.client_secret,
            scope=self.scopes,
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            timeout=TIMEOUT_S,
        )

    async def _metadata(self, client: Any) -> Metadata:
        try:
            told = await _get(client, f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            metadata = Metadata.model_validate(told)
        except (httpx2.HTTPError, ValidationError, ValueError) as error:
            raise OidcFailedError("The OpenID provider cannot be asked now.") from error
        if metadata.issuer != self.issuer:
            raise OidcFailedError("The OpenID provider calls itself another name than OBT_OIDC_ISSUER.")
        for url in (metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri):
            if urlsplit(url).scheme != urlsplit(self.issuer).scheme:
                raise OidcFailedError("The OpenID provider names an address that is spoken to in another way.")
        return metadata


def provider_of(settings: Settings, redirect_uri: str) -> Provider | None:
    """Return the provider of the settings; None where there is none."""
    if settings.oidc_issuer is None or settings.oidc_client_id is None:
        return None
    secret = settings.oidc_client_secret.get_secret_value() if settings.oidc_client_secret else ""
    return Provider(settings.oidc_issuer, settings.oidc_client_id, secret, settings.oidc_scopes, redirect_uri)


async def _get(client: Any, url: str) -> Any:
    reply = await client.request("GET", url, withhold_token=True)
    return reply.raise_for_status().json()


def _random() -> str:
    return secrets.token_urlsafe(32)
