"""Signing in at an OpenID provider: a real one over HTTP, from the button to the session; and one that lies."""

from collections.abc import AsyncGenerator, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import OctKey

from backend.tests.auth.provider import CLIENT_ID, CLIENT_SECRET, FOREIGN_KEY, Provider, a_provider
from backend.tests.harness import API, Harness, plain_http, settings_of
from obt_server.auth.roles import Role
from obt_server.config import Settings

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
BEGIN, BACK = f"{API}/auth/oidc/begin", f"{API}/auth/oidc/callback"


@pytest.fixture
async def provider() -> AsyncGenerator[Provider]:
    async with a_provider() as provider:
        yield provider


@pytest.fixture
def settings(settings: Settings, provider: Provider) -> Settings:
    wanted = settings_of(
        oidc_issuer=provider.url,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
        oidc_administrators="Lab Leads",
        oidc_operators="lab",
        oidc_viewers="guests, visitors",
    )
    told = {name: getattr(wanted, name) for name in wanted.model_fields_set}
    return settings.model_copy(update=told)


async def _to_provider(server: Harness) -> tuple[httpx.AsyncClient, str]:
    """A browser that was sent to the provider, and the address that the provider sends it back to."""
    browser = server.http()
    browser.headers.pop("Origin")
    away = await browser.get(BEGIN)
    assert away.status_code == 303
    async with plain_http("") as there:
        back = await there.get(away.headers["Location"])
    assert back.status_code == 303, back.text
    return browser, back.headers["Location"]


async def _sign_in(server: Harness) -> tuple[httpx.AsyncClient, str]:
    """A browser that went to the provider and came back, and where it was led then."""
    browser, back = await _to_provider(server)
    home = await browser.get(back)
    assert home.status_code == 303
    return browser, home.headers["Location"]


async def _me(browser: httpx.AsyncClient) -> dict[str, Any]:
    return (await browser.get(f"{API}/auth/me")).raise_for_status().json()


async def test_a_person_signs_in_with_the_role_that_the_provider_gives(server: Harness, provider: Provider) -> None:
    assert (await server.nobody.get(f"{API}/auth/state")).json()["has_oidc"] is True
    provider.account |= {"groups": ["staff", "lab"], "email": "Anna@example.net", "email_verified": True}
    browser, home = await _sign_in(server)
    me = await _me(browser)
    assert (home, me["kind"], me["name"]) == ("/", "operator", "anna")
    (person,) = [one for one in (await server.get("/people"))["people"] if one["name"] == "anna"]
    assert (person["email"], person["has_oidc"], person["has_password"]) == ("anna@example.net", True, False)
    provider.account["groups"] = ["Lab Leads"]
    again, _ = await _sign_in(server)
    assert await _me(again) == await _me(browser), "the same person, with today's role, in both browsers"
    assert (await _me(again))["kind"] == "administrator"


async def test_who_has_no_role_at_the_provider_is_not_let_in(server: Harness, provider: Provider) -> None:
    provider.account["groups"] = ["accounting"]
    browser, home = await _sign_in(server)
    assert home == "/sign-in?problem=oidc_no_role"
    assert (await browser.get(f"{API}/auth/me")).status_code == 401
    assert [one["name"] for one in (await server.get("/people"))["people"]] == ["owner"]


async def test_a_verified_address_leads_to_the_person_who_has_it(server: Harness, provider: Provider) -> None:
    made = await server.owner.post(f"{API}/people", json={"name": "Anna Smith", "email": "anna@example.net"})
    provider.account |= {"groups": "guests", "email": "anna@example.net"}
    browser, _ = await _sign_in(server)
    assert (await _me(browser))["name"] == "anna", "an address that nobody verified is anybody's"
    provider.account |= {"sub": "2", "email_verified": True}
    browser, _ = await _sign_in(server)
    assert (await _me(browser))["person_id"] == made.json()["id"]
    provider.account |= {"email": "changed@example.net"}
    browser, _ = await _sign_in(server)
    assert (await _me(browser))["person_id"] == made.json()["id"], "from then on the subject tells"


async def test_another_of_the_same_name_is_another_person(server: Harness, provider: Provider) -> None:
    provider.account |= {"groups": "guests", "preferred_username": "Owner"}
    browser, _ = await _sign_in(server)
    assert (await _me(browser))["name"] == "Owner 2"


async def test_no_name_that_a_provider_tells_is_anybodys_address(server: Harness, provider: Provider) -> None:
    """Names are compared in one form of Unicode, in which a wide @ is an @."""
    await server.owner.post(f"{API}/people", json={"name": "Anna Smith", "email": "anna@example.net"})
    provider.account |= {"groups": "guests", "preferred_username": "anna\uff20example.net"}
    browser, _ = await _sign_in(server)
    assert (await _me(browser))["name"] == "anna"


async def test_a_role_that_was_given_here_stays_where_the_provider_says_nothing_of_roles(
    server: Harness, provider: Provider
) -> None:
    unmapped = {"oidc_administrators": (), "oidc_operators": (), "oidc_viewers": (), "oidc_default_role": "viewer"}
    server.app.state.settings = server.app.state.settings.model_copy(update=unmapped)
    browser, _ = await _sign_in(server)
    me = await _me(browser)
    assert me["role"] == Role.VIEWER
    (await server.owner.patch(f"{API}/people/{me['person_id']}", json={"role": "operator"})).raise_for_status()
    again, _ = await _sign_in(server)
    assert (await _me(again))["role"] == Role.OPERATOR


async def test_who_is_disabled_here_is_not_let_in_there(server: Harness, provider: Provider) -> None:
    provider.account["groups"] = "guests"
    browser, _ = await _sign_in(server)
    path = f"{API}/people/{(await _me(browser))['person_id']}"
    (await server.owner.patch(path, json={"is_disabled": True})).raise_for_status()
    assert (await _sign_in(server))[1] == "/sign-in?problem=oidc_no_role"


async def test_the_last_administrator_stays_one(server: Harness, provider: Provider) -> None:
    provider.account["groups"] = "Lab Leads"
    browser, _ = await _sign_in(server)
    owner = (await _me(server.owner))["person_id"]
    (await browser.patch(f"{API}/people/{owner}", json={"role": "viewer"}, headers={"Origin": server.url}))
    provider.account["groups"] = "guests"
    browser, _ = await _sign_in(server)
    assert (await _me(browser))["role"] == Role.ADMINISTRATOR


def _claim(**fields: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda claims: {name: value for name, value in {**claims, **fields}.items() if value is not None}


@pytest.mark.parametrize(
    "spoil",
    [
        _claim(iss="https://evil.example"),
        _claim(aud="another"),
        _claim(aud=[CLIENT_ID, "another"], azp="another"),
        _claim(exp=1),
        _claim(nonce="another"),
        _claim(nonce=None),
        _claim(sub=None),
    ],
)
async def test_an_id_token_that_is_not_for_this_sign_in_is_refused(
    server: Harness, provider: Provider, spoil: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    provider.account["groups"] = "Lab Leads"
    provider.spoil = spoil
    assert (await _sign_in(server))[1] == "/sign-in?problem=oidc_failed"


async def test_an_id_token_of_another_key_is_refused(server: Harness, provider: Provider) -> None:
    provider.account["groups"] = "Lab Leads"
    provider.signing_key = FOREIGN_KEY
    assert (await _sign_in(server))[1] == "/sign-in?problem=oidc_failed"


async def test_an_id_token_signed_with_a_shared_secret_is_refused(server: Harness, provider: Provider) -> None:
    provider.account["groups"] = "Lab Leads"
    provider.signing_key, provider.algorithm = OctKey.import_key(CLIENT_SECRET), "HS256"
    assert (await _sign_in(server))[1] == "/sign-in?problem=oidc_failed"


async def test_an_id_token_that_nobody_signed_is_refused(server: Harness, provider: Provider) -> None:
    provider.account["groups"] = "Lab Leads"
    provider.algorithm = "none"
    assert (await _sign_in(server))[1] == "/sign-in?problem=oidc_failed"


async def test_a_provider_that_calls_itself_another_is_refused(server: Harness, provider: Provider) -> None:
    provider.issuer = "http://127.0.0.1:1"
    reply = await server.nobody.get(BEGIN)
    assert (reply.status_code, reply.json()["code"]) == (401, "oidc_failed")


async def test_a_return_that_this_browser_did_not_begin_is_refused(server: Harness, provider: Provider) -> None:
    """Or somebody would be signed in as another without noticing, and leave what they do there."""
    provider.account["groups"] = "Lab Leads"
    _, of_attacker = await _to_provider(server)
    victim, own = await _to_provider(server)
    home = await victim.get(of_attacker)
    assert home.headers["Location"] == "/sign-in?problem=oidc_failed"
    state = parse_qs(urlsplit(own).query)["state"][0]
    for query in (
        {"state": state},
        {"state": state, "code": "guessed"},
        {"error": "access_denied", "state": state},
        {},
    ):
        home = await victim.get(BACK, params=query)
        assert home.headers["Location"] == "/sign-in?problem=oidc_failed", query
    assert (await victim.get(f"{API}/auth/me")).status_code == 401


async def test_a_code_is_good_once(server: Harness, provider: Provider) -> None:
    provider.account["groups"] = "guests"
    browser, back = await _to_provider(server)
    kept = dict(browser.cookies)
    assert (await browser.get(back)).headers["Location"] == "/"
    replay = await server.nobody.get(back, headers={"Cookie": "; ".join(f"{k}={v}" for k, v in kept.items())})
    assert replay.headers["Location"] == "/sign-in?problem=oidc_failed"


async def test_without_a_provider_nobody_is_sent_anywhere(server: Harness) -> None:
    server.app.state.settings = settings_of()
    for path in (BEGIN, BACK):
        reply = await server.nobody.get(path)
        assert (reply.status_code, reply.json()["code"]) == (404, "no_oidc")
