"""How many threads compute: one setting for FAISS, torch, BLAS and Arrow.

FAISS and torch each carry their own OpenMP runtime and do not know of each other; NumPy brings
a BLAS with a pool of its own. So the setting reaches them in three ways:

- A library that is imported later reads its number from the environment (OMP_NUM_THREADS and
  the like), which `set_threads` writes. Processes that are started later inherit it.
- A library that is there already is told at once. Nothing is imported for it.
- OpenMP keeps the number for each thread that calls it. A thread that was there before, or whose
  library was imported before the setting changed, calls `apply_threads` when it begins its work.

Threads that have nothing to do sleep (OMP_WAIT_POLICY), unless the environment says otherwise and
for libraries imported after `set_threads`. By default they would spin for a while, and those of
one runtime would hold the cores that the other needs: with both in one process and as many
threads each as cores, that is slower than one thread.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field

from simsearch.errors import OptionError

__all__ = ["THREADS_VARIABLE", "apply_threads", "cores", "set_threads", "threads"]

THREADS_VARIABLE = "SIMSEARCH_THREADS"
OPENMP_VARIABLE = "OMP_NUM_THREADS"
# OpenMP's is read by FAISS, torch, scikit-learn and Arrow, the others by a BLAS.
NUMBER_VARIABLES = (OPENMP_VARIABLE, "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
WAITING_VARIABLE = "OMP_WAIT_POLICY"


@dataclass(slots=True)
class _Setting:
    """What was chosen, what was written for it into the environment, and what was there before."""

    chosen: int | None = None
    written: str | None = None
    before: dict[str, str | None] = field(default_factory=dict)

    def original(self, variable: str) -> str | None:
        """A variable as the user has it: what it is now unless that is our doing."""
        now = os.environ.get(variable)
        return self.before.get(variable) if now == self.written else now


_SETTING = _Setting()


def set_threads(n: int | None) -> None:
    """Let every library compute with n threads, those imported later too.

    Call it before torch and FAISS are imported where there is a choice: only then do idle
    threads sleep.

    Args:
        n: threads. More than the cores that this process may use are not started. None goes
            back to the default: $SIMSEARCH_THREADS, else $OMP_NUM_THREADS, else all those cores.

    Raises:
        OptionError: n, or $SIMSEARCH_THREADS, is no whole number from 1 on.
    """
    if n is not None:
        _check(n, repr(n), "threads")
    number = _capped(n or _from_environment())
    _SETTING.chosen = n
    _write_environment(str(number))
    _tell_loaded(number)


def threads() -> int:
    """How many threads to compute with: what was set or the default, see `set_threads`.

    Raises:
        OptionError: $SIMSEARCH_THREADS is no whole number from 1 on.
    """
    return _capped(_SETTING.chosen or _from_environment())


def apply_threads() -> None:
    """Make FAISS keep to the setting when the calling thread asks it; takes a microsecond."""
    _tell("faiss", "omp_set_num_threads", threads())


def cores() -> int:
    """How many cores this process may use, which may be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _check(n: object, shown: str, name: str) -> None:
    if not isinstance(n, int) or isinstance(n, bool) or n < 1:
        raise OptionError(f"{name} is {shown:.40}; give a whole number from 1 on")


def _from_environment() -> int | None:
    """What the user's environment asks for; None when it does not."""
    own = os.environ.get(THREADS_VARIABLE, "").strip()
    if own:
        number = _number(own)
        _check(number, repr(own), f"${THREADS_VARIABLE}")
        return number
    # OpenMP allows a number for each level of nesting: "4,2". What is no number is its affair.
    first = (_SETTING.original(OPENMP_VARIABLE) or "").split(",")[0].strip()
    return _number(first) or None


def _number(text: str) -> int | None:
    """The whole number that a text is; None when it is none, or absurd."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _write_environment(number: str) -> None:
    _SETTING.before = {name: _SETTING.original(name) for name in NUMBER_VARIABLES}
    _SETTING.written = number
    os.environ.update(dict.fromkeys(NUMBER_VARIABLES, number))
    os.environ.setdefault(WAITING_VARIABLE, "PASSIVE")


def _capped(wanted: int | None) -> int:
    """At most the cores that this process may use."""
    most = cores()
    return min(wanted or most, most)


def _tell_loaded(number: int) -> None:
    """The setting, for the libraries that are imported already."""
    if "numpy" in sys.modules:
        from threadpoolctl import threadpool_limits

        # Every OpenMP runtime and BLAS in the process, found by its file. Not used as a
        # context, it lasts.
        threadpool_limits(limits=number)
    _tell("torch", "set_num_threads", number)
    _tell("pyarrow", "set_cpu_count", number)
    _tell("faiss", "omp_set_num_threads", number)


def _tell(module: str, function: str, number: int) -> None:
    loaded = sys.modules.get(module)
    # Without the function it is being imported right now, by another thread.
    if hasattr(loaded, function):
        getattr(loaded, function)(number)
