"""Runs jobs in worker processes, which the kernel ends when they take too much time or memory.

    server process ── Pool ──► supervisor (has loaded the source) ──fork──► workers
           └──────────────── a socket to each worker ───────────────────────┘

No job runs in the server process, so none can stop it. Each process ends with its parent.
"""

from justicegraph.pool.dataset import Dataset
from justicegraph.pool.jobs import Handler, Job, Loaded, Reply
from justicegraph.pool.limits import Limits
from justicegraph.pool.pool import Pool

__all__ = ["Dataset", "Handler", "Job", "Limits", "Loaded", "Pool", "Reply"]
