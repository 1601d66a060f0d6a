"""Which wheels a machine needs, judged for that machine and not for this one."""

from pathlib import Path

import pytest

from obt_server.downloads import pins, service
from obt_server.downloads.fetch import FetchError, targets_of
from obt_server.downloads.pins import Wheel
from obt_server.downloads.platforms import ALL_TARGETS, PLATFORMS, PYTHONS, Target
from obt_server.downloads.shelf import Shelf

A, B, C, D = ("a" * 64, "b" * 64, "c" * 64, "d" * 64)
REQUIREMENTS = f"""\
# a comment
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:{A}
numpy==2.4.6 ; python_full_version < '3.12' \\
    --hash=sha256:{B} \\
    --hash=sha256:{C}
Typing_Extensions==4.16.0 \\
    --hash=sha256:{D}
"""


def target(platform: str, python: str = "3.12") -> Target:
    return Target(PLATFORMS[platform], python)


def needed(platform: str, python: str) -> list[str]:
    return [pin.name for pin in pins.needed(pins.parse(REQUIREMENTS), target(platform, python))]


def test_markers_are_those_of_the_target() -> None:
    assert needed("linux-x86_64", "3.11") == ["numpy", "typing-extensions"]
    assert needed("windows-x86_64", "3.11") == ["colorama", "numpy", "typing-extensions"]
    assert needed("windows-arm64", "3.12") == ["colorama", "typing-extensions"]
    assert needed("macos-arm64", "3.13") == ["typing-extensions"]


def test_a_pin_for_pip_has_its_hashes_and_no_marker() -> None:
    numpy = pins.parse(REQUIREMENTS)[1]
    assert numpy.line() == f"numpy==2.4.6 --hash=sha256:{B} --hash=sha256:{C}"


@pytest.mark.parametrize(
    ("file", "fits"),
    [
        ("numpy-2.4.6-cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl", {"linux-x86_64"}),
        ("numpy-2.4.6-cp311-cp311-manylinux2014_aarch64.whl", {"linux-aarch64"}),
        ("numpy-2.4.6-cp311-cp311-musllinux_1_2_x86_64.whl", {"linux-musl-x86_64"}),
        ("numpy-2.4.6-cp36-abi3-macosx_11_0_arm64.whl", {"macos-arm64"}),
        ("numpy-2.4.6-cp311-cp311-macosx_10_9_universal2.whl", {"macos-arm64", "macos-x86_64"}),
        ("numpy-2.4.6-cp311-cp311-macosx_14_0_arm64.whl", set[str]()),
        ("numpy-2.4.6-cp311-cp311-manylinux_2_34_x86_64.whl", set[str]()),
        ("numpy-2.4.6-cp312-cp312-win_amd64.whl", set[str]()),
        ("numpy-2.4.6-py3-none-any.whl", set(PLATFORMS)),
        ("numpy-2.4.5-py3-none-any.whl", set[str]()),
        ("scipy-2.4.6-py3-none-any.whl", set[str]()),
        ("nonsense.whl", set[str]()),
    ],
)
def test_a_wheel_fits_the_machines_that_could_install_it(file: str, fits: set[str]) -> None:
    numpy = pins.parse(REQUIREMENTS)[1]
    wheel = Wheel(Path(file), C)
    assert {name for name in PLATFORMS if wheel.fulfils(numpy, target(name, "3.11"))} == fits


def test_a_wheel_with_another_hash_is_none() -> None:
    numpy = pins.parse(REQUIREMENTS)[1]
    assert not Wheel(Path("numpy-2.4.6-py3-none-any.whl"), A).fulfils(numpy, target("linux-x86_64", "3.11"))


def test_the_clients_own_pins_can_be_judged_for_every_machine(built: Path, tmp_path: Path) -> None:
    counted = service.third_party_wheels(Shelf(tmp_path, built))
    assert len(counted) == len(ALL_TARGETS) == len(PLATFORMS) * len(PYTHONS)
    for wheels in counted:
        assert wheels.wanted > 20
        assert (wheels.present, wheels.is_complete) == (0, False)
    names = {pin.name for pin in pins.needed(Shelf(tmp_path, built).pins(), target("linux-x86_64"))}
    assert {"aiohttp", "psutil", "pydantic-core"} <= names
    assert not names & {"fastapi", "sqlalchemy", "pywin32", "obt-core"}


def test_targets_are_named_one_by_one_or_as_a_range() -> None:
    assert [str(t) for t in targets_of(["macos-arm64"], ["3.11..3.12", "3.14"])] == [
        "macos-arm64 with Python 3.11", "macos-arm64 with Python 3.12", "macos-arm64 with Python 3.14",
    ]  # fmt: skip
    assert len(targets_of(["linux-x86_64", "windows-arm64", "linux-x86_64"], [])) == 2 * len(PYTHONS)


@pytest.mark.parametrize(
    ("platforms", "pythons", "told"),
    [
        ([], [], "--platform"),
        (["amiga"], [], "'amiga'"),
        (["linux-x86_64"], ["3.10"], "3.10"),
        (["linux-x86_64"], ["3.11..4.0"], "4.0"),
        (["linux-x86_64"], ["three"], "three"),
    ],
)
def test_a_target_that_is_none_is_told(platforms: list[str], pythons: list[str], told: str) -> None:
    with pytest.raises(FetchError, match=told):
        targets_of(platforms, pythons)
