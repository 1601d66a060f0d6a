"""What went over the wire and what lay on clients' disks: the record of truth that the database is held against."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Sample = dict[str, Any]
_CLAIM = re.compile(r"/jobs/claim$")
_SAMPLES = re.compile(r"/jobs/([0-9a-f-]{36})/samples$")
_OUTCOME = re.compile(r"/jobs/([0-9a-f-]{36})/outcome$")


@dataclass(slots=True)
class Seen:
    """All that clients said, and what they were given.

    `samples`: of each job, by number, as the client wrote it. `holders`: which clients had to do with a job.
    `ended`: the jobs whose outcome was told. `contradictions`: what was told twice, and differently.
    """

    samples: dict[str, dict[int, Sample]] = field(default_factory=lambda: defaultdict[str, dict[int, Sample]](dict))
    holders: dict[str, set[str]] = field(default_factory=lambda: defaultdict[str, set[str]](set))
    ended: set[str] = field(default_factory=set[str])
    contradictions: list[str] = field(default_factory=list[str])

    def asked(self, client: str, path: str, body: bytes) -> None:
        """Note what a client sends."""
        if found := _SAMPLES.search(path):
            self._take(client, found[1], json.loads(body)["samples"])
        elif found := _OUTCOME.search(path):
            self.ended.add(found[1])
            self.holders[found[1]].add(client)

    def answered(self, client: str, path: str, body: bytes) -> None:
        """Note what a server gave a client, whether or not the reply arrives."""
        if _CLAIM.search(path) and (job := json.loads(body)["job"]):
            self.holders[job["job_id"]].add(client)

    def on_disk(self, client: str, data_dir: Path) -> int:
        """Note what a dead client's outbox holds; return how many samples."""
        count = 0
        for file in data_dir.glob("outbox/*/samples.ndjson"):
            whole = file.read_bytes().rpartition(b"\n")[0].splitlines()  # a torn last line was never a sample
            self._take(client, file.parent.name, map(json.loads, whole))
            count += len(whole)
        return count

    def _take(self, client: str, job_id: str, samples: Iterable[Sample]) -> None:
        self.holders[job_id].add(client)
        for sample in samples:
            known = self.samples[job_id].setdefault(sample["number"], sample)
            if known != sample:
                self.contradictions.append(f"{client} told sample {sample['number']} of job {job_id} in two ways")
