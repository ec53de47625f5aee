"""What Python no longer needs goes between tests, and not while one runs.

A stream that a client left in the middle is closed when its remains are collected. httpcore takes a lock for that, which it may hold already where the collection began (encode/httpcore#990): then everybody
would wait for ever. A conftest that imports this has its tests run so.
"""

import gc

import pytest


@pytest.fixture(scope="session", autouse=True)
def collected_between_tests():
    gc.freeze()  # what came with the imports stays, and need not be looked at again
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def collected():
    yield
    gc.collect()
