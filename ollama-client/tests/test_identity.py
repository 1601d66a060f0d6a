"""Who the client is, kept so that a crash and a lost reply do no harm."""

import os
import sys
from pathlib import Path

import pytest

from obt_client.enrolment import enrol, enrolled_identity
from obt_client.identity import IdentityError, lock_data_dir, prepare_identity, read_identity, write_identity
from obt_client.server import Server, open_session

from .builders import settings_of
from .contract_server import KEY, TOKEN, ContractServer, Fault

posix = pytest.mark.skipif(sys.platform == "win32", reason="file modes are those of POSIX")


@posix
def test_the_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    identity = prepare_identity(settings_of(folder))
    write_identity(folder, identity.model_copy(update={"key": "k"}))
    assert (folder / "identity.json").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert os.listdir(folder) == ["identity.json"]  # noqa: PTH208 - no temporary file is left


def test_an_id_is_made_of_the_name_and_kept(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, client_name="Büro PC №1")
    identity = prepare_identity(settings)
    assert identity.client_id.startswith("b-ro-pc-1-")
    assert prepare_identity(settings) == identity
    assert prepare_identity(settings_of(tmp_path, client_name="Büro PC №1", client_id="mine")).client_id == "mine"


def test_another_server_gets_another_nonce(tmp_path: Path) -> None:
    here = prepare_identity(settings_of(tmp_path))
    there = prepare_identity(settings_of(tmp_path, server_url="http://192.0.2.7"))
    assert here.nonce != there.nonce


def test_two_clients_never_share_a_folder(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    with lock_data_dir(settings), pytest.raises(IdentityError, match="OBT_CLIENT_DATA_DIR"):
        lock_data_dir(settings)
    with lock_data_dir(settings):
        pass


def test_a_damaged_identity_is_said_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "identity.json"
    path.write_text('{"client_id": "a')
    with pytest.raises(IdentityError, match="damaged"):
        read_identity(tmp_path)
    with pytest.raises(IdentityError, match="damaged"):
        prepare_identity(settings_of(tmp_path))
    assert path.read_text() == '{"client_id": "a'


async def test_a_lost_reply_is_asked_for_again_with_the_same_nonce(tmp_path: Path) -> None:
    async with ContractServer() as server:
        server.faults.append(Fault("POST /api/v1/clients$", 1, lost=True))
        settings = settings_of(tmp_path, server_url=server.url, enrol_token=TOKEN)
        identity = await enrolled_identity(settings)
        assert len({enrolment.nonce for enrolment in server.enrolments}) == 1
        assert len(server.enrolments) == 2
        assert (identity.key, identity.heartbeat_interval_s) == (KEY, 7)
        assert await enrolled_identity(settings) == identity
        assert len(server.enrolments) == 2


async def test_an_enrolment_that_was_cut_goes_on_with_the_same_nonce(tmp_path: Path) -> None:
    async with ContractServer() as server:
        settings = settings_of(tmp_path, server_url=server.url, enrol_token=TOKEN)
        begun = prepare_identity(settings)  # and then the machine lost its power
        identity = await enrol(settings)
        assert (identity.client_id, identity.nonce) == (begun.client_id, begun.nonce)


async def test_what_the_server_refuses_is_told_with_its_reason(tmp_path: Path) -> None:
    async with ContractServer() as server:
        wrong = settings_of(tmp_path, server_url=server.url, enrol_token="obt_enrol_wrong")
        with pytest.raises(IdentityError, match="enrolment_token_invalid"):
            await enrol(wrong)
        right = settings_of(tmp_path, server_url=server.url, enrol_token=TOKEN)
        await enrol(right)
        with pytest.raises(IdentityError, match="--again"):
            await enrol(right)
        with pytest.raises(IdentityError, match="client_exists"):
            await enrol(settings_of(tmp_path / "other", server_url=server.url, enrol_token=TOKEN))
        assert read_identity(tmp_path / "other") is None


@pytest.mark.parametrize("token", [None, "short", "not a token"])
async def test_without_a_token_it_says_how_to_get_one(tmp_path: Path, token: str | None) -> None:
    with pytest.raises(IdentityError, match="token"):
        await enrol(settings_of(tmp_path, enrol_token=token))


async def test_the_key_goes_to_no_other_server(tmp_path: Path) -> None:
    async with ContractServer() as server, ContractServer() as other, open_session() as session:
        there = {"Location": f"{other.url}/api/v1/jobs/claim"}
        server.faults.append(Fault("claim", 1, status=307, headers=there))
        with pytest.raises(Exception, match="set OBT_SERVER_URL"):
            await Server(server.url, session, client_id="a-client", key=KEY).claim()
        assert other.claims == 0
