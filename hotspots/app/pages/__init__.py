"""One page, one question: read the selection, ask, draw."""

from typing import Final

# Addresses of the pages after the first, as they stand in a link.
PATHS: Final = (
    "when",
    "patrol",
    "visit",
    "partners",
    "assembly",
    "listening",
    "evidence",
    "data",
    "records",
)
