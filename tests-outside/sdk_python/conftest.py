"""One installation for the whole suite, with a recording provider behind it."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

pytest.register_assert_rewrite("flows", "people")

import installation  # noqa: E402
from garbage import collected, collected_between_tests  # noqa: E402, F401
import openai  # noqa: E402

# Who tries again here is the client.
SETTINGS = "retries = 0\n"


@pytest.fixture(scope="session")
def whole_house():
    with installation.Installation(profile="pseudonymise", destination="eu", settings=SETTINGS) as house:
        yield house


@pytest.fixture(scope="session")
def whole_anthropic_house():
    """One whose provider speaks Anthropic's format."""
    with installation.Installation(profile="pseudonymise", destination="eu", provider="anthropic", settings=SETTINGS) as house:
        yield house


@pytest.fixture
def anthropic_house(whole_anthropic_house):
    whole_anthropic_house.provider.forget()
    return whole_anthropic_house


@pytest.fixture
def house(whole_house):
    """The installation, its provider having seen nothing yet."""
    whole_house.provider.forget()
    return whole_house


@pytest.fixture
def client(house):
    with openai.OpenAI(base_url=f"{house.address}/v1", api_key=house.gateway_key, max_retries=0, timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
def strict_whole_house():
    with installation.Installation(profile="strict", destination="outside-eu") as house:
        yield house


@pytest.fixture
def strict_house(strict_whole_house):
    strict_whole_house.provider.forget()
    return strict_whole_house


@pytest.fixture
def strict_client(strict_house):
    with openai.OpenAI(base_url=f"{strict_house.address}/v1", api_key=strict_house.gateway_key, max_retries=0, timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
def hearing_whole_house():
    """One whose register lets its own model have sound."""
    house = installation.Installation(profile="pseudonymise", destination="own")
    register = house.dir / "register.toml"
    register.write_text(register.read_text().replace('fields = ["prompt"', 'fields = ["prompt", "sound"'))
    with house:
        yield house


@pytest.fixture
def hearing_house(hearing_whole_house):
    hearing_whole_house.provider.forget()
    return hearing_whole_house


@pytest.fixture
def hearing_client(hearing_house):
    with openai.OpenAI(base_url=f"{hearing_house.address}/v1", api_key=hearing_house.gateway_key, max_retries=0, timeout=60) as client:
        yield client
