"""Every sample ends up at the server once, whatever is cut, lost or refused on the way."""

import asyncio
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obt_client.agent.delivery import Delivery
from obt_client.agent.outbox import JobFolder, Outbox, Refusal
from obt_client.agent.state import ClientState
from obt_client.server import RefusedError, Server, ServerError, UnreachableError, open_session
from obt_core.jobs import JobOutcome

from .builders import a_sample, an_outcome, settings_of, some_ticks
from .contract_server import KEY, ContractServer, Fault, a_spec

STATUSES = st.sampled_from([429, 500, 502, 503])
faults = st.builds(
    Fault,
    pattern=st.sampled_from(["samples", "outcome", "jobs"]),
    times=st.integers(1, 3),
    status=STATUSES,
    lost=st.booleans(),
)


@pytest.fixture
async def contract() -> AsyncGenerator[ContractServer]:
    async with ContractServer() as server:
        yield server


@pytest.fixture
async def server(contract: ContractServer) -> AsyncGenerator[Server]:
    async with open_session() as session:
        yield Server(contract.url, session, client_id="a-client", key=KEY)


async def an_outbox(data_dir: Path) -> Outbox:
    outbox = Outbox(data_dir)
    await outbox.load()
    return outbox


async def a_job(outbox: Outbox, samples: int, *, ended: bool = True, chunks: int = 0) -> JobFolder:
    folder = outbox.folder_for(a_spec())
    await outbox.create(folder)
    for number in range(1, samples + 1):
        await folder.append(a_sample(number, chunk_ms=(1.25,) * chunks))
    if ended:
        await outbox.finish(folder, an_outcome(samples))
    return folder


def a_delivery(data_dir: Path, server: Server, outbox: Outbox) -> Delivery:
    return Delivery(ClientState(settings_of(data_dir)), server, outbox, asyncio.Event())


async def test_samples_go_before_the_outcome_and_the_job_is_gone_then(
    contract: ContractServer, server: Server, tmp_path: Path
) -> None:
    outbox = await an_outbox(tmp_path)
    job = (await a_job(outbox, 250)).spec.job_id
    await a_delivery(tmp_path, server, outbox).deliver()
    assert contract.order == [f"samples {job}"] * 3 + [f"outcome {job}"]
    assert contract.numbers(job) == list(range(1, 251))
    assert list((tmp_path / "outbox").iterdir()) == []


async def test_telemetry_goes_behind_the_samples_and_before_the_outcome(
    contract: ContractServer, server: Server, tmp_path: Path
) -> None:
    outbox = await an_outbox(tmp_path)
    folder = await a_job(outbox, 2, ended=False)
    await folder.append_ticks(some_ticks(0, 10))
    await folder.append_ticks(some_ticks(10, 4))
    await outbox.finish(folder, an_outcome(2))
    await a_delivery(tmp_path, server, outbox).deliver()
    job = folder.spec.job_id
    assert contract.order == [f"samples {job}", f"telemetry {job}", f"telemetry {job}", f"outcome {job}"]
    series = contract.telemetry[job]
    assert series
    assert [tick.values for tick in series.ticks] == [(float(number),) for number in range(14)]
    assert list((tmp_path / "outbox").iterdir()) == []


async def test_a_server_that_knows_no_telemetry_gets_the_rest(
    contract: ContractServer, server: Server, tmp_path: Path
) -> None:
    contract.is_of_the_first_release = True
    outbox = await an_outbox(tmp_path)
    folder = await a_job(outbox, 2, ended=False)
    await folder.append_ticks(some_ticks(0, 10))
    await outbox.finish(folder, an_outcome(2))
    await a_delivery(tmp_path, server, outbox).deliver()
    assert contract.order == [f"samples {folder.spec.job_id}", f"outcome {folder.spec.job_id}"]
    assert list((tmp_path / "outbox").iterdir()) == []


async def test_a_cancel_that_comes_with_telemetry_is_heard(
    contract: ContractServer, server: Server, tmp_path: Path
) -> None:
    outbox = await an_outbox(tmp_path)
    folder = await a_job(outbox, 0, ended=False)
    await folder.append_ticks(some_ticks(0, 1))
    await contract.cancel(folder.spec.job_id)
    state = ClientState(settings_of(tmp_path))
    stop = state.begin_job(folder.spec.job_id)
    await Delivery(state, server, outbox, asyncio.Event()).deliver()
    assert stop.reason == "cancelled"


async def test_a_running_job_is_delivered_as_it_goes(contract: ContractServer, server: Server, tmp_path: Path) -> None:
    outbox = await an_outbox(tmp_path)
    folder = await a_job(outbox, 2, ended=False)
    delivery = a_delivery(tmp_path, server, outbox)
    await delivery.deliver()
    await folder.append(a_sample(3))
    await delivery.deliver()
    assert contract.numbers(folder.spec.job_id) == [1, 2, 3]
    assert (contract.repeated, contract.outcomes, outbox.jobs) == (0, {}, (folder,))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 7), min_size=1, max_size=3), st.lists(faults, max_size=5), st.integers(0, 400))
def test_every_sample_is_stored_once_whatever_is_lost_and_wherever_the_client_is_cut(
    jobs: list[int], wrong: list[Fault], cut: int
) -> None:
    with TemporaryDirectory() as name:
        asyncio.run(_with_faults(Path(name), jobs, wrong, cut))


async def _with_faults(data_dir: Path, jobs: list[int], wrong: list[Fault], cut: int) -> None:
    async with ContractServer() as contract, open_session() as session:
        server = Server(contract.url, session, client_id="a-client", key=KEY)
        outbox = await an_outbox(data_dir)
        folders = [await a_job(outbox, samples, ended=number > 0) for number, samples in enumerate(jobs)]
        on_disk = {folder.spec.job_id: folder.samples_taken for folder in folders}
        contract.faults = wrong
        await _cut_after(cut, a_delivery(data_dir, server, outbox))
        outbox = await an_outbox(data_dir)  # the next run knows what is on disk, and nothing else
        delivery = a_delivery(data_dir, server, outbox)
        for _ in range(sum(fault.times for fault in wrong) + 1):
            await _once(delivery)
        assert not outbox.jobs
        assert {job: contract.numbers(job) for job, count in on_disk.items() if count} == {
            job: list(range(1, count + 1)) for job, count in on_disk.items() if count
        }
        _check_outcomes(contract.outcomes, on_disk)


def _check_outcomes(outcomes: dict[UUID, JobOutcome], on_disk: dict[UUID, int]) -> None:
    assert {job: outcome.sample_count for job, outcome in outcomes.items()} == on_disk
    errors = [outcome.error.code for outcome in outcomes.values() if outcome.error]
    assert errors == ["client_restarted"]


async def _cut_after(turns: int, delivery: Delivery) -> None:
    """Let the delivery go on for some turns of the event loop, then cut it as a kill would."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor() as threads:  # a killed client's threads write nothing after its end
        loop.set_default_executor(threads)
        task = asyncio.create_task(_once(delivery))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    loop.set_default_executor(ThreadPoolExecutor())


async def _once(delivery: Delivery) -> None:
    try:
        await delivery.deliver()
    except ServerError as error:
        assert not isinstance(error, RefusedError)  # noqa: PT017 - it is what the faults allow


async def test_what_the_server_refuses_for_good_is_set_aside_and_blocks_nothing(
    contract: ContractServer, server: Server, tmp_path: Path
) -> None:
    outbox = await an_outbox(tmp_path)
    bad, good = await a_job(outbox, 2), await a_job(outbox, 3)
    contract.faults.append(Fault(f"{bad.spec.job_id}/samples", 1, status=404, code="job_not_found"))
    await a_delivery(tmp_path, server, outbox).deliver()
    assert contract.numbers(good.spec.job_id) == [1, 2, 3]
    assert outbox.jobs == ()
    grave = tmp_path / "dead-letter" / str(bad.spec.job_id)
    refusal = Refusal.model_validate_json((grave / "refused.json").read_bytes())
    assert (refusal.status, refusal.code) == (404, "job_not_found")
    assert (grave / "samples.ndjson").read_bytes().count(b"\n") == 2


async def test_a_job_that_is_refused_while_it_runs_is_stopped_and_set_aside_when_it_has_ended(
    contract: ContractServer, server: Server, tmp_path: Path
) -> None:
    outbox = await an_outbox(tmp_path)
    folder = await a_job(outbox, 1, ended=False)
    state = ClientState(settings_of(tmp_path))
    stop = state.begin_job(folder.spec.job_id)
    contract.faults.append(Fault("samples", 1, status=403, code="forbidden"))
    delivery = Delivery(state, server, outbox, asyncio.Event())
    await delivery.deliver()
    assert (stop.reason, outbox.jobs) == ("cancelled", (folder,))
    await outbox.finish(folder, an_outcome(1))
    await delivery.deliver()
    assert (outbox.jobs, contract.samples) == ((), {})


async def test_a_refused_key_keeps_everything(contract: ContractServer, server: Server, tmp_path: Path) -> None:
    outbox = await an_outbox(tmp_path)
    folder = await a_job(outbox, 1)
    contract.faults.append(Fault("samples", 1, status=401, code="not_authenticated"))
    delivery = a_delivery(tmp_path, server, outbox)
    with pytest.raises(RefusedError):
        await delivery.deliver()
    assert outbox.jobs == (folder,)
    await delivery.deliver()
    assert contract.numbers(folder.spec.job_id) == [1]


async def test_a_cancel_that_comes_with_the_samples_stops_the_job(
    contract: ContractServer, server: Server, tmp_path: Path
) -> None:
    outbox = await an_outbox(tmp_path)
    folder = await a_job(outbox, 1, ended=False)
    state = ClientState(settings_of(tmp_path))
    stop = state.begin_job(folder.spec.job_id)
    contract.cancelled.add(folder.spec.job_id)
    await Delivery(state, server, outbox, asyncio.Event()).deliver()
    assert stop.reason == "cancelled"


async def test_a_server_that_lost_samples_gets_all_of_them_again(
    contract: ContractServer, server: Server, tmp_path: Path
) -> None:
    outbox = await an_outbox(tmp_path)
    folder = await a_job(outbox, 3, ended=False)
    delivery = a_delivery(tmp_path, server, outbox)
    await delivery.deliver()
    contract.samples.clear()  # as if its disk had been set back to an older copy
    await outbox.finish(folder, an_outcome(3))
    await delivery.deliver()
    await delivery.deliver()
    assert contract.numbers(folder.spec.job_id) == [1, 2, 3]
    assert outbox.jobs == ()


async def test_batches_stay_far_below_the_longest_body_and_a_too_large_one_is_halved(
    contract: ContractServer, server: Server, tmp_path: Path
) -> None:
    outbox = await an_outbox(tmp_path)
    folder = await a_job(outbox, 8, chunks=50_000)
    contract.faults.append(Fault("samples", 1, status=413, code="too_large"))
    await a_delivery(tmp_path, server, outbox).deliver()
    assert contract.numbers(folder.spec.job_id) == list(range(1, 9))
    assert contract.order.count(f"samples {folder.spec.job_id}") > 2
    assert not (tmp_path / "dead-letter").exists()


async def test_an_outcome_that_is_only_in_memory_is_delivered_too(
    contract: ContractServer, server: Server, tmp_path: Path
) -> None:
    outbox = await an_outbox(tmp_path)
    folder = outbox.folder_for(a_spec())  # the disk took nothing
    await outbox.finish(folder, folder.failed("outbox_disk_full", "full", folder.job.claimed_at))
    await a_delivery(tmp_path, server, outbox).deliver()
    error = contract.outcomes[folder.spec.job_id].error
    assert (error and error.code, outbox.jobs) == ("outbox_disk_full", ())


async def test_the_last_delivery_of_a_client_that_ends_leaves_the_rest_for_its_next_start(
    contract: ContractServer, server: Server, tmp_path: Path
) -> None:
    outbox = await an_outbox(tmp_path)
    folder = await a_job(outbox, 2)
    delivery = a_delivery(tmp_path, server, outbox)
    await contract.stop()
    with pytest.raises(UnreachableError):
        await delivery.deliver()
    await delivery.deliver_last()
    assert outbox.jobs == (folder,)
    await contract.start()
    await delivery.deliver_last()
    assert contract.numbers(folder.spec.job_id) == [1, 2]
