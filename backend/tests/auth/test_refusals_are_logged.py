"""Who is refused at the door stands in the log: when, as whom, from where; never what was typed."""

import pytest
from structlog.testing import capture_logs

from backend.tests.harness import API, Harness

TYPED = "a-password-typed-by-somebody"


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_a_refused_sign_in_is_logged_without_what_was_typed(server: Harness) -> None:
    with capture_logs() as lines:
        for name in ("owner", TYPED):
            body = {"name_or_email": name, "password": TYPED}
            assert (await server.nobody.post(f"{API}/auth/sign-in", json=body)).status_code == 401
    refused = [line for line in lines if line["event"] == "sign_in_refused"]
    assert [(line["person"], line["address"]) for line in refused] == [("owner", "127.0.0.1"), (None, "127.0.0.1")]
    assert {line["log_level"] for line in refused} == {"warning"}
    assert TYPED not in str(lines)
