"""What the client knows now, and the news of it: every part of the client reads and writes this one place."""

import asyncio
from uuid import UUID, uuid4

import psutil

from obt_client.agent.decisions import Situation
from obt_client.agent.server_clock import ServerClock
from obt_client.bench.stop import StopReason, StopSignal
from obt_client.config import Settings
from obt_core import __version__
from obt_core.hardware import UNKNOWN_HARDWARE, HardwareSnapshot
from obt_core.heartbeat import Heartbeat, MachineLoad
from obt_core.jobs import JobProgress
from obt_core.models import ModelInventory, OllamaStatus
from obt_core.wire import PROTOCOL_VERSION

_PROGRESS_BEAT_S = 1.0
"""Progress makes a beat of its own at most this often."""


class ClientState:
    """The client now. `news` is set when something should be told before the next beat is due."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.boot_id = uuid4()
        self.news = asyncio.Event()
        self.claim_wanted = asyncio.Event()
        self.stopping = asyncio.Event()
        self.may_work = asyncio.Event()
        """Set once the hardware is known: a result without its machine could be compared with nothing."""
        self.hardware: HardwareSnapshot | None = UNKNOWN_HARDWARE if settings.ollama_is_remote else None
        self.ollama = OllamaStatus(reachable=False)
        self.inventory: ModelInventory | None = None
        self.server_clock = ServerClock()
        if self.hardware:
            self.may_work.set()
        self.is_claiming = False
        self.claim_again_s = 0.0
        self._models_hash: str | None = None
        self._job: tuple[UUID, StopSignal] | None = None
        self._progress: JobProgress | None = None
        self._progress_told_s = 0.0
        self._operation: tuple[UUID, StopSignal] | None = None
        self._is_operation_wanted = False

    @property
    def job_id(self) -> UUID | None:
        """The job that is measured."""
        return self._job[0] if self._job else None

    @property
    def operation_id(self) -> UUID | None:
        """The operation that is done."""
        return self._operation[0] if self._operation else None

    @property
    def progress(self) -> JobProgress | None:
        """How far it is."""
        return self._progress

    @property
    def hardware_fingerprint(self) -> str | None:
        """The fingerprint of the hardware, None until it is read."""
        return self.hardware.fingerprint() if self.hardware else None

    def situation(self) -> Situation:
        """Return what decisions are made from."""
        return Situation(
            interval_s=self.settings.heartbeat_interval_s,
            job_id=self.job_id,
            operation_id=self.operation_id,
            is_claiming=self.is_claiming,
            is_draining=self.stopping.is_set(),
            claim_backoff_s=max(0.0, self.claim_again_s - asyncio.get_running_loop().time()),
        )

    def heartbeat(self) -> Heartbeat:
        """Return the next beat."""
        self._progress_told_s = asyncio.get_running_loop().time()
        return Heartbeat(
            boot_id=self.boot_id,
            protocol_version=PROTOCOL_VERSION,
            client_version=__version__,
            state=self.situation().state,
            interval_s=self.settings.heartbeat_interval_s,
            ollama=self.ollama,
            hardware_fingerprint=self.hardware_fingerprint,
            models_hash=self._models_hash,
            load=None if self.settings.ollama_is_remote else _load(),
            job_id=self.job_id,
            progress=self._progress,
            operation_id=self.operation_id,
            allows=self.settings.allow,
            allow_registries=self.settings.allow_registries,
            clock=self.server_clock.told,
        )

    def see_hardware(self, hardware: HardwareSnapshot) -> None:
        """Take note of what this machine is."""
        self.hardware = hardware
        self.may_work.set()
        self.news.set()

    def see_ollama(self, status: OllamaStatus, inventory: ModelInventory | None) -> None:
        """Take note of what Ollama told; None keeps the inventory that is known."""
        models_hash = inventory.hash() if inventory else self._models_hash
        if _is_news(self.ollama, status) or models_hash != self._models_hash:
            self.news.set()
        self.ollama, self._models_hash = status, models_hash
        self.inventory = inventory or self.inventory

    def begin_job(self, job_id: UUID) -> StopSignal:
        """Take note that a job is measured; return what stops it."""
        stop = StopSignal()
        self._job, self._progress = (job_id, stop), None
        self.is_claiming = False
        if self.stopping.is_set():
            stop.set("client_stopped")
        self.news.set()
        return stop

    def end_job(self) -> None:
        """Take note that the job is over."""
        self._job = self._progress = None
        self.news.set()

    def see_progress(self, progress: JobProgress) -> None:
        """Take note of how far the job is."""
        self._progress = progress
        if asyncio.get_running_loop().time() - self._progress_told_s >= _PROGRESS_BEAT_S:
            self.news.set()

    def stop_job(self, reason: StopReason, job_id: UUID | None = None) -> None:
        """Tell the job that is measured to stop, if it is that one (None: whichever it is)."""
        if self._job and job_id in {None, self._job[0]}:
            self._job[1].set(reason)

    def want_operation(self) -> None:
        """Take note that the server has an operation to be done."""
        self._is_operation_wanted = True
        self.claim_wanted.set()

    def take_operation_wish(self) -> bool:
        """Return whether an operation is to be claimed, and forget it."""
        wanted, self._is_operation_wanted = self._is_operation_wanted, False
        return wanted

    def begin_operation(self, operation_id: UUID) -> StopSignal:
        """Take note that an operation is done; return what stops it."""
        stop = StopSignal()
        self._operation = (operation_id, stop)
        if self.stopping.is_set():
            stop.set("client_stopped")
        self.news.set()
        return stop

    def end_operation(self) -> None:
        """Take note that the operation is over."""
        self._operation = None
        self.news.set()

    def stop_operation(self, reason: StopReason, operation_id: UUID | None = None) -> None:
        """Tell the operation that is done to stop, if it is that one (None: whichever it is)."""
        if self._operation and operation_id in {None, self._operation[0]}:
            self._operation[1].set(reason)

    def drain(self) -> None:
        """Take no more work, and end what runs."""
        self.stopping.set()
        self.stop_job("client_stopped")
        self.stop_operation("client_stopped")
        self.may_work.set()
        self.claim_wanted.set()  # wakes the worker, which then ends
        self.news.set()


def _is_news(before: OllamaStatus, now: OllamaStatus) -> bool:
    """Whether a screen would show it. When a model will be unloaded moves with every request: that is none."""
    return _shown(before) != _shown(now)


def _shown(status: OllamaStatus) -> object:
    return status.model_dump(exclude={"loaded": {"__all__": {"expires_at"}}})


def _load() -> MachineLoad:
    return MachineLoad(
        cpu_percent=min(100.0, max(0.0, psutil.cpu_percent())), memory_used_bytes=psutil.virtual_memory().used
    )
