"""The tables of tests-outside/README.md say what is tried: every client, its version, every flow; no more and no less."""

import inspect
import json
import pathlib
import re

import flows
import pytest
import test_flows
import upstream_documented

OUTSIDE = pathlib.Path(__file__).resolve().parents[1]
FILES = sorted((OUTSIDE / "documented").iterdir())


def table(heading):
    """The rows of the table whose first column is called so, without what marks words as code."""
    lines = iter((OUTSIDE / "README.md").read_text().splitlines())
    next(line for line in lines if line.startswith(f"| {heading} |"))
    next(lines)
    rows = []
    for line in lines:
        if not line.startswith("|"):
            return rows
        rows.append([cell.strip().strip("`") for cell in line.strip("|").split("|")])
    return rows


def words(file, pattern):
    return re.findall(pattern, (OUTSIDE / file).read_text(), re.M)


def test_every_client_stands_in_the_table_and_does_the_flows():
    named = {(registry, name) for *_, registry, _, name in table("client")}
    python = {talker.name for talker in test_flows.TALKERS} | set(words("litellm/test_flows.py", r'^    name = "(.*)"'))
    javascript = set(words("sdk_js/flows.test.mjs", r'static title = "(.*)"'))
    assert named == {("PyPI", name) for name in python} | {("npm", name) for name in javascript}


def test_the_versions_are_those_that_are_pinned():
    pins = {("npm", name, version) for name, version in json.loads((OUTSIDE / "package.json").read_text())["dependencies"].items()}
    for file in ("requirements.txt", "requirements-litellm.txt"):
        pins |= {("PyPI", name, version) for name, version in words(file, r"^([^#=\s]+)==(\S+)$")}
    for client, version, registry, *_ in table("client"):
        assert (registry, client, version) in pins


def test_every_flow_stands_in_the_table_and_is_tried_with_every_client():
    rows = table("flow")
    tried = {name: test for name, test in vars(flows).items() if name.startswith("test_")}
    assert {row[1] for row in rows} == set(tried)
    for name, test in tried.items():
        assert "talker" in inspect.signature(test).parameters, f"{name} is not asked of every client"
    titles = words("sdk_js/flows.test.mjs", r'^ *test\(["`](.*?)(?:: \$\{status\})?["`],')
    assert {row[2] for row in rows} == set(titles)
    wanted = {"streaming", "tools", "parallel tools", "structured output", "images", "usage chunks", "errors", "abort", "retries"}
    assert wanted <= {row[0] for row in rows}


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_documented_answer_says_after_what_it_was_made_and_can_be_read(file):
    what, after, invented = file.read_text().splitlines()[:3]
    assert what.startswith("# Documented, not recorded: ") and after.startswith("# Order of events, members and headers after ")
    assert invented == "# Ids, words and numbers are invented."
    status, headers, body = upstream_documented.filled(file, 'Zeg "één"\ntegen [PERSOON_12345].')
    assert status == 200 or status >= 400 and "-stream" not in file.name
    if not headers["content-type"].startswith("text/event-stream"):
        assert json.loads(body[0])
        return
    events = [line.removeprefix("data: ") for event in body for line in event.splitlines() if line.startswith("data: ")]
    assert len(events) > 3
    numbers = [json.loads(event).get("sequence_number") for event in events if event != "[DONE]"]
    assert numbers == [None] * len(numbers) or numbers == list(range(len(numbers)))
