"""What the documents promise is run."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hotspots.__main__ import app
from hotspots.action import people, retention_rules, sharing

PROJECT = Path(__file__).parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_first_command_opens_the_dashboard_and_the_second_runs_the_tests():
    first, second = blocks("bash")[:2]
    assert len(first.splitlines()) == 1
    assert first.rstrip().endswith("streamlit run dashboard.py")
    assert second.strip() == "tests/run"
    assert (PROJECT / "tests" / "run").stat().st_mode & 0o100


def test_python_in_five_lines(tmp_path, monkeypatch):
    (code,) = blocks("python")
    assert len([line for line in code.splitlines() if line.strip()]) <= 5
    monkeypatch.setenv("HOTSPOTS_DATA", str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert "Parking Area" in done.stdout


COMMANDS = [
    line.removeprefix(".venv/bin/python -m ")
    for block in blocks("bash")
    for line in block.splitlines()
    if line.startswith(".venv/bin/python -m hotspots")
]


@pytest.mark.parametrize("command", [c for c in COMMANDS if "~" not in c and "fetch" not in c])
def test_commands_run_as_written(command, tmp_path, monkeypatch):
    monkeypatch.setenv("HOTSPOTS_DATA", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    done = subprocess.run(
        [sys.executable, "-m", *shlex.split(command)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


@pytest.mark.parametrize("name", sorted({shlex.split(command)[1] for command in COMMANDS}))
def test_every_command_named_exists(name):
    done = CliRunner().invoke(app, [name, "--help"])
    assert done.exit_code == 0, done.output


# Files that a reader writes: the code names them too.
THEIRS = {".streamlit/secrets.toml", people.FILE, sharing.FILE, retention_rules.FILE}


@pytest.mark.parametrize("path", re.findall(r"`([\w/.]+\.(?:py|toml|md))`", README))
def test_every_file_named_exists(path):
    assert path in THEIRS or (PROJECT / path).exists()


def test_every_requirement_is_pinned_and_says_what_it_is_for():
    lines = (PROJECT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    said = False
    for line in lines:
        if line.startswith("#"):
            said = True
        elif line:
            assert re.fullmatch(r"[A-Za-z0-9_.-]+==[\w.]+", line), line
            assert said, f"{line} does not say what it is for"
        else:
            said = False
