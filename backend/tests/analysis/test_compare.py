"""Comparisons of results whose truth is known."""

from typing import Any
from uuid import uuid4

import pytest

from backend.tests import builders
from backend.tests.analysis.measured import SAMPLES, a_result, a_sample, an_outcome, measure
from backend.tests.harness import API, Harness
from obt_core.machine_environment import GpuEnvironment, MachineEnvironment, Power
from obt_core.suite_files import shipped_suites
from obt_server.analysis.sweep import swept

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
GIB = builders.GIB


def line(pair: dict[str, Any], workload: str, metric: str) -> dict[str, Any]:
    (found,) = (one for one in pair["lines"] if (one["workload"], one["metric"]) == (workload, metric))
    return found


async def compared(server: Harness, *ids: Any) -> dict[str, Any]:
    return await server.get("/compare", result_id=[str(one) for one in ids])


async def test_what_is_ten_percent_slower_is_called_so_and_what_is_the_same_is_not(server: Harness) -> None:
    client = await server.a_client(models=("a",))
    ids = [await a_result(server, client, level) for level in (100.0, 90.0, 100.05)]
    found = await compared(server, *ids)
    assert [one["result"]["id"] for one in found["results"]] == [str(one) for one in ids]
    slower, same = found["pairs"]
    assert (slower["verdict"], slower["headline"]["metric"]) == ("slower", "decode_tokens_per_s")
    assert slower["headline"]["relative"] == pytest.approx(-0.1, abs=0.005)
    assert slower["headline"]["low"] < -0.1 < slower["headline"]["high"] < 0
    assert line(slower, "chat", "ttft_ms")["verdict"] == "slower"
    assert line(slower, "chat", "ttft_ms")["relative"] == pytest.approx(1 / 9, abs=0.006)
    assert (same["verdict"], same["obstacle"]) == ("no_difference", None)
    assert 0 < same["headline"]["detectable"] < 0.05
    assert {one["verdict"] for one in same["lines"]} == {"no_difference"}
    assert (found["tests"], found["significance"], found["minimum_effect"]) == (4, 0.01, 0.01)


async def test_swapping_the_baseline_mirrors_every_verdict(server: Harness) -> None:
    client = await server.a_client(models=("a",))
    ids = [await a_result(server, client, level) for level in (100.0, 112.0)]
    (there,), (back,) = [(await compared(server, *order))["pairs"] for order in (ids, ids[::-1])]
    mirrored = {"faster": "slower", "slower": "faster", "no_difference": "no_difference"}
    assert [mirrored[one["verdict"]] for one in there["lines"]] == [one["verdict"] for one in back["lines"]]
    assert {one["verdict"] for one in there["lines"]} == {"faster", "no_difference"}
    assert [(one["before"], one["after"]) for one in there["lines"]] == [
        (one["after"], one["before"]) for one in back["lines"]
    ]


@SQLITE
async def test_another_suite_is_not_compared_and_another_model_is(server: Harness) -> None:
    client = await server.a_client(models=("a", "b"))
    ids = [
        await a_result(server, client),
        await a_result(server, client, suite="standard"),
        await a_result(server, client, 150.0, model="b"),
    ]
    other_suite, other_model = (await compared(server, *ids))["pairs"]
    assert (other_suite["verdict"], other_suite["obstacle"]) == ("not_comparable", "another_suite")
    assert (other_suite["lines"], other_suite["headline"]) == ([], None)
    assert other_model["verdict"] == "faster"


@SQLITE
async def test_results_that_measured_nothing_in_common_say_so(server: Harness) -> None:
    client = await server.a_client(models=("a",))
    ids = [await a_result(server, client), await a_result(server, client, workload="another")]
    (pair,) = (await compared(server, *ids))["pairs"]
    assert (pair["verdict"], pair["obstacle"]) == ("not_comparable", "nothing_in_common")


@SQLITE
async def test_five_samples_are_too_few_to_judge(server: Harness) -> None:
    client = await server.a_client(models=("a",))
    ids = [await a_result(server, client), await a_result(server, client, values=[50.0, 51, 49, 50, 52])]
    (pair,) = (await compared(server, *ids))["pairs"]
    assert (pair["verdict"], pair["headline"]["relative"]) == ("too_few", None)
    assert (pair["headline"]["n_before"], pair["headline"]["n_after"]) == (SAMPLES, 5)


@SQLITE
async def test_unknown_results_are_named(server: Harness) -> None:
    client = await server.a_client(models=("a",))
    known, unknown = await a_result(server, client), [str(uuid4()), str(uuid4())]
    reply = await server.owner.get(f"{API}/compare", params={"result_id": [str(known), *unknown]})
    assert reply.status_code == 404
    assert all(one in reply.json()["detail"] for one in unknown)
    assert str(known) not in reply.json()["detail"]


@SQLITE
async def test_a_result_alone_is_shown_and_one_named_twice_is_compared_once(server: Harness) -> None:
    client = await server.a_client(models=("a",))
    one = await a_result(server, client)
    assert [len((await compared(server, *ids))["results"]) for ids in ((one,), (one, one))] == [1, 1]
    assert (await compared(server, one))["pairs"] == []


@SQLITE
async def test_at_most_fifty_are_compared(server: Harness) -> None:
    ids = [str(uuid4()) for _ in range(51)]
    assert (await server.owner.get(f"{API}/compare", params={"result_id": ids})).status_code == 422
    assert (await server.owner.get(f"{API}/compare", params={"result_id": ids[:50]})).status_code == 404


async def test_what_differs_in_the_environment_is_told_fact_by_fact(server: Harness) -> None:
    client = await server.a_client(models=("a",))
    machines = [
        MachineEnvironment(kernel=kernel, power=Power(governor="performance"), gpus=(GpuEnvironment(name="RTX"),))
        for kernel in ("6.1.0", "6.12.3")
    ]
    settings: dict[str, Any] = {"ollama_settings_source": "systemd"}
    ids = [
        await a_result(server, client, environment={"machine": machines[0], **settings}),
        await a_result(
            server,
            client,
            environment={
                "machine": machines[1],
                "ollama_version": "0.12.1",
                "quantization": None,
                **settings,
                "ollama_settings": {"OLLAMA_FLASH_ATTENTION": "1"},
            },
        ),
    ]
    found = await compared(server, *ids)
    differences = {(one["code"], one["name"]): one["values"] for one in found["differences"]}
    assert differences == {
        ("ollama_version", ""): ["0.9.3", "0.12.1"],
        ("machine_kernel", ""): ["6.1.0", "6.12.3"],
        ("ollama_setting", "OLLAMA_FLASH_ATTENTION"): ["unset", "1"],
    }
    assert found["alike"] > 10
    assert found["unknown"] == 1  # the quantization: the second does not know it


@SQLITE
async def test_other_hardware_is_told_and_compared(server: Harness) -> None:
    plain = await server.a_client("plain", models=("a",))
    strong = await server.a_client("strong", gpu="NVIDIA RTX 4090", models=("a",))
    with_gpu = builders.a_machine(gpu="NVIDIA RTX 4090")
    memory: dict[str, Any] = {"hardware_fingerprint": with_gpu.fingerprint(), "size_vram_bytes": 2 * GIB}
    ids = [await a_result(server, plain), await a_result(server, strong, 300.0, environment=memory)]
    found = await compared(server, *ids)
    differences = {(one["code"], one["name"]): one["values"] for one in found["differences"]}
    assert differences["hardware_gpus", ""] == [0, 1]
    assert differences["offload", ""] == ["cpu", "gpu"]
    assert found["pairs"][0]["verdict"] == "faster"
    assert [(one["code"], one["before"], one["after"]) for one in found["pairs"][0]["figures"]] == [
        ("vram_bytes", 0, 2 * GIB),
        ("memory_bytes", 2 * GIB, 0),
    ]
    assert [one["offload"] for one in found["results"]] == ["cpu", "gpu"]


async def test_a_renewed_result_is_compared_anew(server: Harness) -> None:
    client = await server.a_client(models=("a",))
    baseline, spec = await a_result(server, client), await measure(server, client)
    seen = [(await compared(server, baseline, spec.job_id))["pairs"][0]["headline"]["n_after"]]
    await client.send_samples(spec.job_id, a_sample(SAMPLES + 1, 101.0))
    await client.send_outcome(spec.job_id, an_outcome(spec, SAMPLES + 1, 1, {}))
    seen.append((await compared(server, baseline, spec.job_id))["pairs"][0]["headline"]["n_after"])
    assert seen == [SAMPLES, SAMPLES + 1]


@SQLITE
async def test_the_samples_behind_a_line_are_given_in_their_order_and_bounded(server: Harness) -> None:
    client = await server.a_client(models=("a",))
    short = await a_result(server, client, values=[90.0, 91.0, 89.0])
    long = await a_result(server, client, values=[100.0 + n % 5 for n in range(900)])
    params = {"result_id": [str(short), str(long)], "workload": "chat", "metric": "decode_tokens_per_s"}
    first, second = (await server.get("/compare/samples", **params))["results"]
    assert (first["values"], first["total"]) == ([90.0, 91.0, 89.0], 3)
    assert (len(second["values"]), second["total"]) == (400, 900)
    none = await server.get("/compare/samples", **{**params, "metric": "load_ms"})
    assert [one["values"] for one in none["results"]] == [[], []]


@SQLITE
async def test_a_sweep_over_concurrency_gives_its_throughput(server: Harness) -> None:
    client = await server.a_client(models=("a",))
    (suite,) = (suite for suite in shipped_suites() if suite.name == "concurrency")
    last = swept(suite)[-1]
    one = await a_result(server, client, suite="concurrency", workload=last.name)
    (found,) = (await compared(server, one))["results"]
    (point,) = found["throughput"]
    assert (point["workload"], point["concurrency"]) == (last.name, last.concurrency)
    assert point["tokens_per_s"] > 0
