"""The LiteLLM proxy, other people's code, started once: in front of Waarborg's guardrail, and behind Waarborg as its provider."""

import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

pytest.register_assert_rewrite("flows", "people")

import installation  # noqa: E402
from garbage import collected, collected_between_tests  # noqa: E402, F401

MASTER_KEY = "sk-e8a1f04b7c2d59630d1b7fe2a4c6985347ab0c1d"
MOCKED = "Dag, dit antwoord is verzonnen."


def config(house):
    """Models that answer by themselves, models of the recording provider, and the guardrail that asks Waarborg."""

    def recorded(name):
        return {"model_name": name, "litellm_params": {"model": f"openai/{name}", "api_base": house.provider_url, "api_key": "x", "max_retries": 0}}

    def mocked(name, **more):
        return {"model_name": name, "litellm_params": {"model": f"openai/{name}", "api_key": "x", "max_retries": 0, **more}}

    names = ["echo", "echo-1", "echo-3", "error-429", "error-500"]
    return {
        "model_list": [*map(recorded, names), mocked("mock", mock_response=MOCKED), mocked("mock-limit", mock_response="litellm.RateLimitError")],
        "general_settings": {"master_key": MASTER_KEY},
        "litellm_settings": {"num_retries": 0, "telemetry": False},
        "router_settings": {"num_retries": 0, "disable_cooldowns": True},
        "guardrails": [{
            "guardrail_name": "waarborg",
            "litellm_params": {
                "guardrail": "generic_guardrail_api", "mode": ["pre_call", "post_call"], "default_on": False,
                "api_base": f"{house.address}/compat/litellm", "api_key": house.gateway_key,
                "streaming_transform_mode": "incremental_diff", "streaming_sampling_rate": 4,
            },
        }],
    }


class Proxy:
    def __init__(self, house, port):
        self.address = f"http://127.0.0.1:{port}"
        self.log = house.folder / "litellm.log"
        settings = house.folder / "litellm.yaml"
        settings.write_text(json.dumps(config(house)))  # JSON is YAML
        program = pathlib.Path(sys.executable).with_name("litellm")
        environment = {**os.environ, "LITELLM_LOCAL_MODEL_COST_MAP": "True", "NO_PROXY": "*", "LITELLM_TELEMETRY": "False"}
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [program, "--config", settings, "--host", "127.0.0.1", "--port", str(port), "--telemetry", "False"],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment, cwd=house.folder,
            )

    def wait_until_ready(self, seconds=120):
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/health/liveliness", timeout=2):
                    return
            except (OSError, urllib.error.URLError):
                time.sleep(0.1)
        raise AssertionError(f"LiteLLM did not start\n{self.log.read_text(errors='replace')[-4000:]}")

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@pytest.fixture(scope="session")
def whole_house():
    with installation.Installation(profile="pseudonymise", destination="eu", settings="retries = 0\n") as house:
        yield house


@pytest.fixture
def house(whole_house):
    """Waarborg with the recording provider behind it, which has seen nothing yet."""
    whole_house.provider.forget()
    return whole_house


@pytest.fixture(scope="session")
def whole_proxy(whole_house):
    proxy = Proxy(whole_house, installation.free_port())
    try:
        proxy.wait_until_ready()
        yield proxy
    finally:
        proxy.close()


@pytest.fixture
def proxy(whole_proxy, house):
    """LiteLLM; what it sends on reaches the recording provider of `house`."""
    return whole_proxy


@pytest.fixture(scope="session")
def whole_front(whole_proxy):
    front = installation.Installation(profile="pseudonymise", destination="eu", base_url=f"{whole_proxy.address}/v1")
    (front.dir / "keys" / "provider.key").write_text(MASTER_KEY)
    with front:
        yield front


@pytest.fixture
def front(whole_front, proxy):
    """Waarborg with LiteLLM behind it."""
    return whole_front
