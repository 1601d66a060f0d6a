"""A small OpenID provider that keeps to the standard: discovery, the code flow with PKCE, signed ID tokens.

It asks nobody for a password: `account` is who sits before the browser. What it was sent is checked as the standard
says, and `spoil` changes an ID token before it is signed, as a provider that was taken over or is broken would.
"""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

from backend.tests.serving import running_on_a_port

CLIENT_ID, CLIENT_SECRET = "obt", "between obt and the provider"
TOKEN_S = 300
KEY, FOREIGN_KEY = (RSAKey.generate_key(2048, {"kid": "one"}) for _ in range(2))
"""Making one takes longer than a test."""


class Provider:
    """Its account, and what it is to do wrong."""

    def __init__(self) -> None:
        self.url = ""
        self.key = KEY
        self.signing_key: RSAKey | OctKey = self.key
        self.account: dict[str, Any] = {"sub": "1", "preferred_username": "anna"}
        self.spoil: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
        self.algorithm = "RS256"
        self.issuer: str | None = None
        self._codes: dict[str, dict[str, str]] = {}

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._describe),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/keys", self._keys),
            ]
        )

    async def _describe(self, request: Request) -> JSONResponse:
        return JSONResponse(
            {
                "issuer": self.issuer or self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    async def _authorize(self, request: Request) -> RedirectResponse | JSONResponse:
        asked = dict(request.query_params)
        is_right = (
            asked["client_id"] == CLIENT_ID
            and asked["response_type"] == "code"
            and "openid" in asked["scope"].split()
            and asked["code_challenge_method"] == "S256"
        )
        if not is_right:
            return JSONResponse({"error": "invalid_request"}, 400)
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 303)

    async def _token(self, request: Request) -> JSONResponse:
        form = dict(parse_qsl((await request.body()).decode()))
        asked = self._codes.pop(form.get("code", ""), None)
        known = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {known}":
            return JSONResponse({"error": "invalid_client"}, 401)
        challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        is_own = asked is not None and (
            form.get("redirect_uri") == asked["redirect_uri"] and _base64(challenge) == asked["code_challenge"]
        )
        if asked is None or not is_own:
            return JSONResponse({"error": "invalid_grant"}, 400)
        body = {"access_token": "unused", "token_type": "Bearer", "expires_in": TOKEN_S}
        return JSONResponse({**body, "id_token": self._id_token(asked["nonce"])})

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + TOKEN_S, "nonce": nonce, **self.account}
        header = {"alg": self.algorithm, "kid": "one"}
        if self.algorithm == "none":
            return ".".join(_base64(json.dumps(part).encode()) for part in (header, self.spoil(claims))) + "."
        return jwt.encode(header, self.spoil(claims), self.signing_key, algorithms=[self.algorithm])

    async def _keys(self, request: Request) -> JSONResponse:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@asynccontextmanager
async def a_provider() -> AsyncGenerator[Provider]:
    provider = Provider()
    config = uvicorn.Config(provider.app(), log_config=None, access_log=False, timeout_graceful_shutdown=1)
    async with running_on_a_port(config) as port:
        provider.url = f"http://127.0.0.1:{port}"
        yield provider
