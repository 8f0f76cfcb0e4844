"""Asking no more often than a site allows."""

import time
from collections.abc import Callable


class LeakyBucket:
    """
    So many requests a second, and so many at once after a rest.

    Parameters
    ----------
    rate_per_s, burst
        What the site allows.
    clock, sleep
        Seconds now, and waiting some.

    Examples
    --------
    >>> bucket = LeakyBucket(15, 30)
    >>> for _ in range(30):
    ...     bucket.take()
    """

    def __init__(
        self,
        rate_per_s: float,
        burst: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self.rate_per_s = rate_per_s
        self.burst = burst
        self._clock, self._sleep = clock, sleep
        self._level, self._at = 0.0, clock()

    def take(self) -> None:
        """Wait until one more request fits."""
        self._leak()
        over = self._level + 1 - self.burst
        if over > 0:
            self._sleep(over / self.rate_per_s)
            self._leak()
        self._level += 1

    def _leak(self) -> None:
        now = self._clock()
        self._level = max(0.0, self._level - (now - self._at) * self.rate_per_s)
        self._at = now
