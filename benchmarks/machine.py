"""Where and when a benchmark ran: processor, cores, memory, versions."""

from __future__ import annotations

import datetime
import importlib.metadata
import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["cores", "facts", "versions"]

PACKAGES = (
    "simsearch",
    "numpy",
    "pandas",
    "pyarrow",
    "faiss-cpu",
    "scikit-learn",
    "torch",
    "pytorch-metric-learning",
    "splink",
    "duckdb",
)


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def facts() -> dict[str, str]:
    """Date, machine and versions, ready to print."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "date": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        "machine": f"{_processor()}, {cores()} cores, {memory:.0f} GiB, {platform.system()}",
        "versions": ", ".join([f"Python {platform.python_version()}", *versions()]),
    }


def _processor() -> str:
    """The model name, as far as the system tells it."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def versions(packages: Iterable[str] = PACKAGES) -> list[str]:
    """Of those of these packages that are installed."""
    out = []
    for package in packages:
        try:
            out.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    return out
