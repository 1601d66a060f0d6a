"""Jobs: queued, claimed, leased, ended. The moves allowed stand in `obt_core.jobs.TRANSITIONS`."""
