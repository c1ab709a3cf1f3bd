"""Questions answered by processes that the kernel ends when they take too long or too much.

    web process ── Pool ──► supervisor (has loaded the source) ──fork──► workers
         └──────────────── a socket to each worker ───────────────────────┘

No question runs in the process that serves, so none can stop it; and each process ends with its parent.
"""

from justicegraph.pool.dataset import Dataset, Loaded, Source
from justicegraph.pool.limits import Limits
from justicegraph.pool.pool import Pool

__all__ = ["Dataset", "Limits", "Loaded", "Pool", "Source"]
