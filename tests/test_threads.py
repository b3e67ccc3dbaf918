"""One setting rules FAISS, torch, BLAS and Arrow, whenever they are imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from simsearch.errors import OptionError
from simsearch.threads import apply_threads, set_threads, threads

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
SET = (1, 2) if CORES > 1 else (1,)
UNSET = (
    "SIMSEARCH_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OMP_WAIT_POLICY",
)
ASK = """
import json, threading
def ask():
    return [faiss.omp_get_max_threads(), torch.get_num_threads(), pa.cpu_count()]
answers = [ask()]
other = threading.Thread(target=lambda: answers.append(ask()))
other.start()
other.join()
from threadpoolctl import threadpool_info
print(json.dumps([*answers, [pool["num_threads"] for pool in threadpool_info()]]))
"""
LIBRARIES = "import faiss, torch\nimport pyarrow as pa\n"


def run(code: str, **environment: str) -> Any:
    """What a fresh interpreter prints, as JSON."""
    kept = {name: value for name, value in os.environ.items() if name not in UNSET}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in UNSET:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("n", SET)
def test_libraries_imported_later_follow_in_every_thread(n: int) -> None:
    first, other, pools = run(
        f"from simsearch.threads import *\nset_threads({n})\n{LIBRARIES}{ASK}"
    )
    assert first == [n, n, n]
    assert other == [n, n, n]
    assert set(pools) == {n}


@pytest.mark.parametrize("n", SET)
def test_libraries_imported_before_follow(n: int) -> None:
    other = 3 - n  # so that each has something else first
    code = f"{LIBRARIES}from simsearch.threads import *\nset_threads({n})\n{ASK}"
    first, _, pools = run(code, OMP_NUM_THREADS=str(other), OPENBLAS_NUM_THREADS=str(other))
    assert first == [n, n, n]
    assert set(pools) == {n}


def test_a_thread_that_was_there_before_applies_the_setting() -> None:
    code = f"""
{LIBRARIES}
from concurrent.futures import ThreadPoolExecutor
from simsearch.threads import *
pool = ThreadPoolExecutor(1)
pool.submit(faiss.omp_get_max_threads).result()
set_threads(1)
def work():
    apply_threads()
    return faiss.omp_get_max_threads()
print(pool.submit(work).result())
"""
    assert run(code, OMP_NUM_THREADS="2") == 1


def test_nothing_is_imported_for_it() -> None:
    code = """
import sys
from simsearch.threads import *
set_threads(1), apply_threads(), threads()
print(len({"faiss", "torch", "numpy", "pyarrow", "threadpoolctl"} & sys.modules.keys()))
"""
    assert run(code) == 0


def test_child_processes_inherit() -> None:
    code = """
import subprocess, sys
from simsearch.threads import *
set_threads(1)
child = "from simsearch.threads import threads; print(threads())"
print(int(subprocess.check_output([sys.executable, "-c", child])))
"""
    assert run(code, OMP_NUM_THREADS="2") == 1


@pytest.mark.long
@pytest.mark.parametrize("n", SET)
def test_search_and_network_in_one_process_use_no_more(n: int) -> None:
    """Processor time is at most n times the time on the clock, and no pool has more threads."""
    code = f"""
from simsearch.threads import *
set_threads({n})
import json, os, time
import numpy as np, faiss, torch
def count():
    return len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 0
vectors = np.random.default_rng(0).normal(size=(20_000, 64)).astype("f4")
index = faiss.IndexFlatIP(64)
index.add(vectors)
layer = torch.randn(300, 300)
before = count()
wall, used = time.perf_counter(), time.process_time()
for _ in range(20):
    index.search(vectors[:64], 10)
    torch.mm(layer, layer).relu()
    vectors[:2_000] @ vectors[:2_000].T
wall, used = time.perf_counter() - wall, time.process_time() - used
print(json.dumps([used / wall, count() - before]))
"""
    cores, started = run(code)
    assert cores <= n + 0.1
    assert started <= 2 * (n - 1)  # FAISS and torch each have their own


def test_idle_threads_sleep_unless_the_environment_says_otherwise() -> None:
    code = """
import json, os
from simsearch.threads import *
set_threads(None)
print(json.dumps(os.environ["OMP_WAIT_POLICY"]))
"""
    assert run(code) == "PASSIVE"
    assert run(code, OMP_WAIT_POLICY="ACTIVE") == "ACTIVE"


def test_default_is_the_cores_of_this_process() -> None:
    assert threads() == CORES


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="the system has no affinity")
def test_default_heeds_affinity() -> None:
    code = """
import os
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
from simsearch.threads import *
print(threads())
"""
    assert run(code) == 1


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"SIMSEARCH_THREADS": "1"}, 1),
        ({"OMP_NUM_THREADS": "1"}, 1),
        ({"OMP_NUM_THREADS": "1,2"}, 1),
        ({"OMP_NUM_THREADS": "many"}, CORES),
        ({"OMP_NUM_THREADS": "0"}, CORES),
        ({"SIMSEARCH_THREADS": " 1 ", "OMP_NUM_THREADS": "2"}, 1),
        ({"SIMSEARCH_THREADS": "", "OMP_NUM_THREADS": "1"}, 1),
        ({"SIMSEARCH_THREADS": "100000"}, CORES),
    ],
)
def test_environment(
    variables: dict[str, str], expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert threads() == expected


def test_more_than_there_are_cores_is_all_of_them() -> None:
    code = "from simsearch.threads import *\nset_threads(10**6)\nprint(threads())"
    assert run(code) == CORES


def test_a_variable_that_the_user_changes_later_counts() -> None:
    code = """
import os
from simsearch.threads import *
set_threads(None)
os.environ["OMP_NUM_THREADS"] = "1"
print(threads())
"""
    assert run(code, OMP_NUM_THREADS=str(CORES)) == 1


def test_going_back_to_the_default() -> None:
    code = """
import json, os
from simsearch.threads import *
set_threads(1), set_threads(10**6), set_threads(None)
print(json.dumps([threads(), os.environ["OMP_NUM_THREADS"]]))
"""
    assert run(code) == [CORES, str(CORES)]
    assert run(code, OMP_NUM_THREADS="1") == [1, "1"]
    assert run(code, SIMSEARCH_THREADS="1") == [1, "1"]


@pytest.mark.parametrize("n", [0, -1, True, 1.0, "2", [1]])
def test_nonsense(n: Any) -> None:
    with pytest.raises(OptionError, match=r"threads is .*; give a whole number from 1 on"):
        set_threads(n)


@pytest.mark.parametrize("value", ["0", "-1", "two", "1.5", "²", "9" * 5_000])
def test_nonsense_in_the_environment(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMSEARCH_THREADS", value)
    for ask in (threads, apply_threads):
        with pytest.raises(OptionError, match=r"\$SIMSEARCH_THREADS is .*; give a whole number"):
            ask()
