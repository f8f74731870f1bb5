"""Files that Deno writes once for all tests."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from rxephys._deno import deno_command

ROOT = Path(__file__).resolve().parents[2]
"""Folder of the repository."""

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with ``NAME.FORMAT`` of ``write_files.ts``; tests do not write to it."""
    folder = tmp_path_factory.mktemp("files")
    command = [*deno_command(), "run", "-A", "--no-check", "--frozen"]
    script = [str(HERE / "write_files.ts"), str(folder)]
    subprocess.run(command + script, check=True, cwd=ROOT)
    return folder
