"""How a machine becomes a client, once."""

import asyncio
from typing import Any

import httpx
import pytest

from backend.tests import builders
from backend.tests.harness import API, AClient, Harness
from obt_core.enrolment import EnrolmentReply, EnrolmentRequest

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


async def enrol(server: Harness, body: EnrolmentRequest) -> httpx.Response:
    return await server.nobody.post(f"{API}/clients", json=body.model_dump(mode="json"))


async def uses_left(server: Harness) -> list[int]:
    return [token["uses_left"] for token in (await server.get("/enrolment-tokens"))["tokens"]]


def error_of(reply: httpx.Response) -> tuple[int, str]:
    problem: dict[str, Any] = reply.json()
    return reply.status_code, problem["code"]


async def test_a_machine_with_a_token_gets_a_key_that_works(server: Harness) -> None:
    reply = await enrol(server, builders.an_enrolment(await server.a_token(), "my-pc", "My PC"))
    assert reply.status_code == 201
    told = EnrolmentReply.model_validate(reply.json())
    assert (told.client_id, told.name, told.heartbeat_interval_s) == ("my-pc", "My PC", 10)
    async with httpx.AsyncClient(base_url=server.url) as http:
        await AClient(http, told).beat()
    (client,) = (await server.get("/clients"))["clients"]
    assert (client["id"], client["name"], client["presence"]) == ("my-pc", "My PC", "online")


@SQLITE
async def test_an_unknown_a_used_and_an_old_token_are_refused(server: Harness) -> None:
    wrong = builders.an_enrolment("obt_enrol_" + "x" * 43, "one")
    assert error_of(await enrol(server, wrong)) == (401, "enrolment_token_invalid")
    token = await server.a_token(uses=1)
    assert (await enrol(server, builders.an_enrolment(token, "one"))).status_code == 201
    assert error_of(await enrol(server, builders.an_enrolment(token, "two"))) == (401, "enrolment_token_invalid")
    old = await server.a_token()
    server.clock.advance(24 * 3_600)
    assert error_of(await enrol(server, builders.an_enrolment(old, "two"))) == (401, "enrolment_token_invalid")
    assert [client["id"] for client in (await server.get("/clients"))["clients"]] == ["one"]


@SQLITE
async def test_a_token_is_good_for_its_number_of_machines(server: Harness) -> None:
    token = await server.a_token(uses=3)
    replies = [await enrol(server, builders.an_enrolment(token, f"pc-{n}")) for n in range(4)]
    assert [reply.status_code for reply in replies] == [201, 201, 201, 401]


async def test_an_id_that_exists_is_refused_and_takes_no_use_of_the_token(server: Harness) -> None:
    token = await server.a_token(uses=5)
    assert (await enrol(server, builders.an_enrolment(token, "my-pc"))).status_code == 201
    assert error_of(await enrol(server, builders.an_enrolment(token, "my-pc"))) == (409, "client_exists")
    assert await uses_left(server) == [4]


async def test_a_machine_whose_reply_was_lost_asks_again(server: Harness) -> None:
    body = builders.an_enrolment(await server.a_token(uses=1), "my-pc")
    first, again = await enrol(server, body), await enrol(server, body)
    assert (first.status_code, again.status_code) == (201, 201)
    assert await uses_left(server) == [0]
    keys = [EnrolmentReply.model_validate(reply.json()).key for reply in (first, again)]
    assert keys[0] != keys[1]
    async with httpx.AsyncClient(base_url=server.url) as http:
        await AClient(http, EnrolmentReply.model_validate(again.json())).beat()
    async with httpx.AsyncClient(base_url=server.url) as http:
        with pytest.raises(httpx.HTTPStatusError, match="401"):
            await AClient(http, EnrolmentReply.model_validate(first.json())).beat()
    assert error_of(await enrol(server, body)) == (409, "client_exists")  # it was seen: its reply was not lost


@SQLITE
async def test_asking_again_needs_a_token_all_the_same(server: Harness) -> None:
    body = builders.an_enrolment(await server.a_token(), "my-pc", nonce="n" * 32)
    assert (await enrol(server, body)).status_code == 201
    stolen = builders.an_enrolment("obt_enrol_" + "x" * 43, "my-pc", nonce="n" * 32)
    assert error_of(await enrol(server, stolen)) == (401, "enrolment_token_invalid")


async def test_of_many_who_want_one_id_at_once_one_gets_it(server: Harness) -> None:
    token = await server.a_token(uses=10)
    wishes = [builders.an_enrolment(token, "my-pc") for _ in range(6)]
    replies = await asyncio.gather(*(enrol(server, wish) for wish in wishes))
    assert sorted(reply.status_code for reply in replies) == [201, 409, 409, 409, 409, 409]
    assert await uses_left(server) == [9]
