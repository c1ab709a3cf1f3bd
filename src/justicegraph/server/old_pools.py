"""What happens to a pool once another one serves in its place."""

import asyncio
from contextlib import ExitStack
from typing import NoReturn

from justicegraph.pool import Pool

TICK = 1.0
"""Seconds between two checks, as of whether an old pool is still busy."""

LINGER = 5.0
"""Seconds that a pool goes on after the next one has taken its place: a request may be about to reach it."""

RETRY_DELAY = 10.0
"""Seconds before data that could not be loaded is loaded again."""


def no_graph(_query: object) -> NoReturn:
    """Run no query: this process has no graph."""
    raise AssertionError("only the workers of the other pool have the graph")


async def retire(pool: Pool, held: ExitStack) -> None:
    """End a pool once its jobs are done, and release the snapshot that it holds. A cancelled task ends it at once."""
    with held:
        try:
            await asyncio.sleep(LINGER)
            while pool.is_busy:
                await asyncio.sleep(TICK)
        finally:
            pool.close()
