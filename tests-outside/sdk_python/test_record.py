"""The record of processing as others read it: linked data in rdflib, and the same at the public address."""

import json
import os
import pathlib
import sys
import tomllib
import urllib.request

import installation
import pytest
import rdflib
from rdflib.namespace import DCTERMS, RDF, RDFS

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("WAARBORG_SHARED", ROOT.parent / "shared"))
REGISTERS = ["demo-gemeente", "openai-eu", "botpress-style", "organisation-ai-policy"]
DPV = rdflib.Namespace("https://w3id.org/dpv#")
GDPR = rdflib.Namespace("https://w3id.org/dpv/legal/eu/gdpr#")


def record(name):
    file = ROOT / "registers" / f"{name}.toml"
    return installation.waarborg("register", "export", "--format", "dpv-jsonld", "--register", str(file)).stdout


def graph_of(text):
    return rdflib.Graph().parse(data=text, format="json-ld")


@pytest.mark.parametrize("name", REGISTERS)
def test_the_record_is_a_graph_with_a_basis_and_rights_for_every_process(name):
    text = record(name)
    graph = graph_of(text)
    (top,) = graph.subjects(RDF.type, DPV.RecordsOfActivities)
    processes = list(graph.objects(top, DPV.hasProcess))

    assert len(processes) == len(json.loads(text)["dpv:hasProcess"])
    for process in processes:
        assert (process, RDF.type, DPV.Process) in graph
        for needed in (DPV.hasPurpose, DPV.hasLegalBasis, DPV.hasPersonalData, DPV.hasRight, DPV.hasStorageCondition):
            assert (process, needed, None) in graph, f"{process} has no {needed}"
    for condition in graph.subjects(RDF.type, DPV.StorageCondition):
        assert (condition, DPV.hasDuration, None) in graph


@pytest.mark.parametrize("name", REGISTERS)
def test_every_address_of_the_vocabulary_exists_in_it(name):
    folder = SHARED / "data" / "dpv"
    if not folder.is_dir():
        print("SKIPPED: the vocabulary is not there; set WAARBORG_SHARED to check our terms against it", file=sys.stderr)
        return
    known = set()
    for file in ("dpv.ttl", "eu-gdpr.ttl"):
        known |= {str(node) for node in rdflib.Graph().parse(folder / file).subjects()}
    used = {str(node) for triple in graph_of(record(name)) for node in triple if isinstance(node, rdflib.URIRef)}
    ours = {node for node in used if node.startswith((str(DPV), str(GDPR)))}

    assert len(ours) > 20
    assert ours <= known, sorted(ours - known)
    others = used - ours
    allowed = (str(DCTERMS), str(RDF), str(RDFS), "urn:waarborg:", "https://w3id.org/dpv")
    assert all(node.startswith(allowed) for node in others), sorted(others)


@pytest.mark.parametrize("name", REGISTERS)
def test_the_rights_of_every_process_are_those_of_the_vocabulary_but_for_three_deviations(name):
    """Deviations (docs/register.md): erasure for a public task, article 14 only where data comes from others, and article 19 beside 16 to 18."""
    folder = SHARED / "data" / "dpv"
    if not folder.is_dir():
        print("SKIPPED: the vocabulary is not there; set WAARBORG_SHARED to check our rights against it", file=sys.stderr)
        return
    vocabulary = rdflib.Graph().parse(folder / "eu-gdpr.ttl")
    graph = graph_of(record(name))
    register = tomllib.loads((ROOT / "registers" / f"{name}.toml").read_text())
    others = {category for category, said in register["category"].items() if said.get("source") == "third_party"}
    (top,) = graph.subjects(RDF.type, DPV.RecordsOfActivities)
    n_compared = 0
    for process in graph.objects(top, DPV.hasProcess):
        bases = {basis for basis in graph.objects(process, DPV.hasLegalBasis) if str(basis).startswith(str(GDPR["A6-1-"]))}
        assert bases, process
        expected = {right for basis in bases for right in vocabulary.objects(basis, DPV.hasRight)}
        assert GDPR.A15 in expected, f"the vocabulary gives {bases} no rights"
        if any("A6-1-e" in basis for basis in bases):
            expected |= {GDPR.A17}
        if expected & {GDPR.A16, GDPR.A17, GDPR.A18}:
            expected |= {GDPR.A19}
        data = {str(node).rsplit(":", 1)[-1] for node in graph.objects(process, DPV.hasPersonalData)}
        if not data & others:
            expected -= {GDPR.A14}
        assert set(graph.objects(process, DPV.hasRight)) == expected, process
        n_compared += 1
    assert n_compared > 5


def test_the_public_address_gives_the_same_graph(house):
    with urllib.request.urlopen(f"{house.address}/record.jsonld") as answer:
        assert answer.headers["content-type"] == "application/ld+json"
        graph = graph_of(answer.read())
    assert list(graph.subjects(RDF.type, DPV.RecordsOfActivities))
