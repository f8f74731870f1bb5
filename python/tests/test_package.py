"""Types, style, imports and the code of the pages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import rxephys

HERE = Path(__file__).resolve().parents[1]


def test_types() -> None:
    api = pytest.importorskip("mypy.api")
    config = ["--config-file", "pyproject.toml", "--cache-dir", "/dev/null"]
    run = subprocess.run(
        [sys.executable, "-m", "mypy", *config],
        cwd=HERE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert api and run.returncode == 0, run.stdout


@pytest.mark.parametrize("arguments", [["check", "--no-cache"], ["format", "--check"]])
def test_style(arguments: list[str]) -> None:
    pytest.importorskip("ruff")
    run = subprocess.run(
        [sys.executable, "-m", "ruff", *arguments, "."],
        cwd=HERE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_names() -> None:
    for name in rxephys.__all__:
        assert getattr(rxephys, name).__doc__, name
    with pytest.raises(AttributeError):
        rxephys.nothing  # noqa: B018


def test_importing_loads_no_extra() -> None:
    code = "import rxephys, sys; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(Path(rxephys.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(run.stdout.split())
    assert loaded.isdisjoint({"torch", "zarr", "safetensors", "xarray", "zipfile"})


def test_versions_agree() -> None:
    text = (HERE / "pyproject.toml").read_text()
    assert f'version = "{rxephys.__version__}"' in text


PAGES = {
    "README.md": HERE / "README.md",
    "docs/python.md": HERE.parent / "docs/python.md",
}
NEEDS = {"DataLoader": "deepSTRF", "to_xarray": "xarray", "to_pynapple": "pynapple"}
BLOCKS = [
    pytest.param(code, id=f"{name}:{i}")
    for name, page in PAGES.items()
    for i, code in enumerate(re.findall(r"```python\n(.*?)```", page.read_text(), re.S))
]


@pytest.mark.parametrize("code", BLOCKS)
def test_code_of_the_pages_runs(files: Path, tmp_path: Path, code: str) -> None:
    """Each block alone, beside the file and the recordings that the pages name."""
    for word, package in NEEDS.items():
        if word in code:
            pytest.importorskip(package)
    (tmp_path / "ac1.safetensors").symlink_to(files / "ac1.safetensors")
    (tmp_path / "synthetic-ac1").symlink_to(files / "ac1-data")
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(rxephys.__file__).parents[1]),
        "RXEPHYS_ROOT": str(HERE.parent),
    }
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0 and run.stdout, run.stderr
