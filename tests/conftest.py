"""What every test is owed: a process that the last one left as it found it."""

import sys

import pytest


@pytest.fixture(autouse=True)
def same_main_module():
    """Streamlit's AppTest leaves its script behind as `__main__`, which new processes run."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before
