"""What Ollama's processes and this client use of processor and memory, through psutil."""

import time
from collections.abc import Iterable

import psutil

from obt_client.telemetry.cpu_account import CpuAccount, ProcessId, Used
from obt_client.telemetry.ollama_processes import REFRESH_S, OllamaProcesses, with_children
from obt_client.telemetry.source import Measure, Offer
from obt_client.telemetry.system import busy_s, cores
from obt_core.telemetry import Track

SUSPECT_PERCENT = 3.0
"""When others seem to use more of all cores, Ollama's children are looked for again: a runner may have been born."""

_TRACKS = (Track.FOREIGN_CPU, Track.OLLAMA_CPU, Track.CLIENT_CPU, Track.OLLAMA_MEMORY)


class ProcessSource:
    """Ollama's tree and ours. What lies in both is Ollama's, but for this process itself."""

    name = "processes"

    def __init__(self, ollama: OllamaProcesses) -> None:
        self._ollama = ollama
        self._ours, self._theirs = CpuAccount(), CpuAccount()
        self._own: list[psutil.Process] = []
        self._own_s = self._read_s = float("-inf")
        self._busy_s, self._cores = 0.0, 1

    def open(self) -> Offer:
        """See how many cores there are; who is who is looked up at the first reading."""
        self._cores = cores()
        return Offer(tuple((track, None) for track in _TRACKS))

    def read(self) -> Measure:
        """Tell what each side has used; Ollama's is missing where its processes are not known."""
        now_s, busy = time.monotonic(), busy_s()
        has_new_roots = self._ollama.refresh(now_s)
        theirs, ours = used_by(self._ollama.members), used_by(self._own_processes(now_s))
        if theirs is not None and ours is not None and self._is_suspect(now_s, busy, theirs, ours):
            has_new_roots |= self._ollama.refresh(now_s, older_than_s=0.1)
            theirs = used_by(self._ollama.members)
        self._read_s, self._busy_s = now_s, busy
        return self._measure(theirs, ours, has_new_roots=has_new_roots)

    def close(self) -> None:
        """Nothing is held."""

    def _measure(
        self, theirs: dict[ProcessId, Used] | None, ours: dict[ProcessId, Used] | None, *, has_new_roots: bool
    ) -> Measure:
        measure = Measure()
        if ours is not None:
            adopted = set(ours) if self._ours.is_new else set[ProcessId]()
            measure.counters[Track.CLIENT_CPU, None] = 100 * self._ours.add(ours, adopted) / self._cores
        if theirs is not None:
            adopted = set(theirs) if has_new_roots or self._theirs.is_new else set[ProcessId]()
            measure.counters[Track.OLLAMA_CPU, None] = 100 * self._theirs.add(theirs, adopted) / self._cores
            measure.gauges[Track.OLLAMA_MEMORY, None] = float(sum(used.resident_bytes for used in theirs.values()))
        return measure

    def _own_processes(self, now_s: float) -> list[psutil.Process]:
        if now_s - self._own_s >= REFRESH_S:
            self._own_s, self._own = now_s, with_children([psutil.Process()])
        theirs = self._ollama.members or frozenset[psutil.Process]()
        return [process for process in self._own if process not in theirs]

    def _is_suspect(
        self, now_s: float, busy: float, theirs: dict[ProcessId, Used], ours: dict[ProcessId, Used]
    ) -> bool:
        span_s = now_s - self._read_s
        foreign_s = busy - self._busy_s - self._theirs.rise_s(theirs) - self._ours.rise_s(ours)
        return 100 * foreign_s > SUSPECT_PERCENT * span_s * self._cores


def used_by(processes: Iterable[psutil.Process] | None) -> dict[ProcessId, Used] | None:
    """What each has used; those that ended are missing. None where they are not known, or one may not be read."""
    if processes is None:
        return None
    found: dict[ProcessId, Used] = {}
    for process in processes:
        try:
            found[process.pid, process.create_time()] = _used(process)
        except psutil.NoSuchProcess:
            continue
        except (psutil.Error, OSError):
            return None
    return found


def _used(process: psutil.Process) -> Used:
    with process.oneshot():
        times = process.cpu_times()
        return Used(
            own_s=times.user + times.system,
            reaped_s=times.children_user + times.children_system,
            resident_bytes=process.memory_info().rss,
        )
