"""OpenVINO is imported without its reports."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from simsearch.encoders.text.runtime.engines import has_openvino

CODE = """
import sys
from simsearch.encoders.text.runtime.engines import openvino
openvino().Core()
assert "openvino" in sys.modules and "openvino_telemetry" not in sys.modules
"""


@pytest.mark.skipif(not has_openvino(), reason="OpenVINO is not installed")
def test_nothing_is_reported_and_nothing_written(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-c", CODE], env=os.environ | {"HOME": str(tmp_path)}, check=True
    )
    assert list(tmp_path.iterdir()) == []
