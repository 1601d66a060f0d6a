"""What a fingerprint and an inventory's hash hang on."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obt_core.hardware import UNKNOWN_HARDWARE, Cpu, Gpu, GpuVendor, HardwareSnapshot
from obt_core.models import InstalledModel, ModelInventory, inventory_hash

GIB = 2**30
GPU = Gpu(vendor=GpuVendor.NVIDIA, name="RTX 4090", memory_bytes=24 * GIB, driver_version="570.1")
OTHER = Gpu(vendor=GpuVendor.AMD, name="RX 7900", memory_bytes=20 * GIB, driver_version="6.1")
CPU = Cpu(model="Ryzen 9 7950X", physical_cores=16, logical_cores=32)


def a_machine(**fields: Any) -> HardwareSnapshot:
    defaults: dict[str, Any] = {
        "os": "Linux",
        "os_version": "6.1",
        "arch": "x86_64",
        "cpu": CPU,
        "memory_bytes": 32 * GIB,
        "gpus": (GPU, OTHER),
    }
    return HardwareSnapshot(**{**defaults, **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {"os": "Windows", "os_version": "11"},
        {"gpus": (OTHER, GPU)},
        {"gpus": (GPU.model_copy(update={"driver_version": "580"}), OTHER)},
        {"memory_bytes": 32 * GIB - 300 * 2**20},
        {"gpus": (GPU.model_copy(update={"memory_bytes": 24 * GIB - 2**20}), OTHER)},
    ],
)
def test_causes_of_a_change_are_no_part_of_the_machine(fields: dict[str, Any]) -> None:
    assert a_machine(**fields).fingerprint() == a_machine().fingerprint()


@pytest.mark.parametrize(
    "fields",
    [
        {"known": False},
        {"arch": "aarch64"},
        {"cpu": CPU.model_copy(update={"model": "Ryzen 9 9950X"})},
        {"cpu": CPU.model_copy(update={"physical_cores": 8})},
        {"cpu": CPU.model_copy(update={"logical_cores": 16})},
        {"cpu": None},
        {"memory_bytes": 64 * GIB},
        {"memory_bytes": None},
        {"gpus": (GPU,)},
        {"gpus": (GPU, GPU)},
        {"gpus": (GPU.model_copy(update={"name": "RTX 5090"}), OTHER)},
        {"gpus": (GPU.model_copy(update={"vendor": GpuVendor.INTEL}), OTHER)},
        {"gpus": (GPU.model_copy(update={"memory_bytes": 48 * GIB}), OTHER)},
    ],
)
def test_another_chip_is_another_machine(fields: dict[str, Any]) -> None:
    assert a_machine(**fields).fingerprint() != a_machine().fingerprint()


def test_a_fingerprint_survives_the_wire() -> None:
    machine = a_machine()
    assert HardwareSnapshot.model_validate_json(machine.model_dump_json()).fingerprint() == machine.fingerprint()
    assert UNKNOWN_HARDWARE.fingerprint() == HardwareSnapshot(known=False).fingerprint()


def a_model(name: str, **fields: Any) -> InstalledModel:
    defaults: dict[str, Any] = {"name": name, "digest": "a" * 64, "size_bytes": 1}
    return InstalledModel(**{**defaults, **fields})


@given(st.permutations([a_model(f"model-{n}", quantization=f"Q{n}") for n in range(6)]))
def test_an_inventory_has_no_order(models: list[InstalledModel]) -> None:
    ordered = sorted(models, key=lambda model: model.name)
    assert inventory_hash(models) == ModelInventory(models=tuple(ordered)).hash()


@pytest.mark.parametrize(
    "fields",
    [{"name": "other"}, {"digest": "b" * 64}, {"size_bytes": 2}, {"quantization": "Q8_0"}, {"capabilities": ("a",)}],
)
def test_any_change_of_a_model_changes_the_hash(fields: dict[str, Any]) -> None:
    model = a_model("one")
    assert inventory_hash([model]) != inventory_hash([model.model_copy(update=fields)])
    assert inventory_hash([model]) != inventory_hash([model, model])
    assert inventory_hash([]) != inventory_hash([model])


class ModelOfALaterRelease(InstalledModel):
    """A later release tells more of a model; its default is what is told today: nothing."""

    license: str | None = None


def test_a_later_server_computes_the_hash_that_an_older_client_sends() -> None:
    model = a_model("one", family="llama")
    later = ModelOfALaterRelease.model_validate_json(model.model_dump_json())
    assert inventory_hash([later]) == inventory_hash([model])


def test_only_a_model_that_cannot_generate_is_for_embeddings_only() -> None:
    assert a_model("one", capabilities=("embedding",)).is_embedding_only()
    assert not a_model("one", capabilities=("embedding", "completion")).is_embedding_only()
    assert not a_model("one").is_embedding_only()
