"""The dashboard on its sample, with one agency's reports planted in it."""

import importlib
import runpy
import sys
from pathlib import Path

import streamlit as st

PROJECT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(PROJECT))

if __name__ == "__main__":
    # Only here: whoever imports this file keeps the data as it is.
    study = importlib.import_module("hotspots.study")
    planted = importlib.import_module("tests.planted")
    if not hasattr(study, "before_planting"):
        study.before_planting = study.open_dataset
        study.open_dataset = lambda *given, **named: planted.beside(
            study.before_planting(*given, **named)
        )
    runpy.run_path(str(PROJECT / "dashboard.py"), run_name="__main__")
else:
    server = importlib.import_module("hotspots.app.server")
    app = st.App(__file__, routes=server.routes(), middleware=server.middleware())
