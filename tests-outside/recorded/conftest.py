"""The suite stands beside the helpers of the others."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
pytest.register_assert_rewrite("people")
