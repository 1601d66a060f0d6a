"""What a client says of a refusal leads to the server's lines about that very request."""

import json
from pathlib import Path

import httpx
import pytest

from backend.tests.programs import serving
from obt_client.server import RefusedError, Server, open_session


async def test_a_clients_error_names_the_request_that_the_servers_log_tells_of(tmp_path: Path) -> None:
    with serving(tmp_path, OBT_LOG_REQUESTS="true", OBT_LOG_FORMAT="json") as served:
        async with open_session() as session:
            with pytest.raises(RefusedError) as raised:
                await Server(served.url, session, client_id="a-client", key="planted-wrong-key").claim()
        foreign = {"X-Request-ID": "mine", "Host": "foreign.example"}
        async with httpx.AsyncClient() as http:
            refused = await http.get(f"{served.url}/api/v1/clients?secret=planted", headers=foreign)
        served.end()
    lines = [json.loads(line) for line in (tmp_path / "log.txt").read_text().splitlines() if line.startswith("{")]
    told = {line["request_id"]: line for line in lines if line["event"] == "request"}
    named = str(raised.value).partition("[request ")[2].partition("]")[0]
    assert told[named]["route"] == "/api/v1/jobs/claim"
    assert (told[named]["method"], told[named]["status"]) == ("POST", 401)
    assert told[named]["took_s"] > 0
    assert refused.headers["X-Request-ID"] in told  # refused before anything else, and yet found
    assert "mine" not in told
    assert "Pool" not in (tmp_path / "log.txt").read_text()  # of the pool, whose class is ours and whose words are not
    assert "planted" not in (tmp_path / "log.txt").read_text()
