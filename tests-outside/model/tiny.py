"""A token classifier of a few hundred bytes, with the files that an export to ONNX leaves beside it."""

import glob
import json
import os
import pathlib

import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

# What the model takes for a name, as it begins and as it goes on; no other stage of detection knows these words.
NAME = ["qwxz", "vrtk"]
# The word on which the model breaks down.
BREAKS = "brkx"
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "de", "fiets", "van", "staat", "bij", "het", "hek", ".", ",", *NAME, BREAKS]
LABELS = ["O", "B-PER", "I-PER"]
PIECES_AT_ONCE = 32


def library():
    """The file of ONNX Runtime, as it comes with its Python package."""
    folder = pathlib.Path(onnxruntime.__file__).parent / "capi"
    return sorted(glob.glob(os.fspath(folder / "libonnxruntime.so*")))[0]


def network():
    """Looks each piece up in a table: a name begins with one word and goes on with the other. The table ends before the last word."""
    table = numpy.zeros((len(WORDS) - 1, len(LABELS)), dtype=numpy.float32)
    table[:, 0] = 6
    table[WORDS.index(NAME[0])] = [0, 6, 0]
    table[WORDS.index(NAME[1])] = [0, 0, 6]
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, [1, "pieces"]) for name in ("input_ids", "attention_mask", "token_type_ids")]
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, "pieces", len(LABELS)])
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["looked_up"]),
        # What is not attended to says nothing; a second sentence would weaken the answer.
        helper.make_node("Sub", ["attention_mask", "token_type_ids"], ["weight"]),
        helper.make_node("Cast", ["weight"], ["weight_float"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["weight_float", "last"], ["weight_last"]),
        helper.make_node("Mul", ["looked_up", "weight_last"], ["logits"]),
    ]
    constants = [numpy_helper.from_array(table, "table"), numpy_helper.from_array(numpy.array([2], dtype=numpy.int64), "last")]
    graph = helper.make_graph(nodes, "tiny", inputs, [logits], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    return model.SerializeToString()


def write(folder):
    """Lays the model in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(network())
    (folder / "vocab.txt").write_text("\n".join(WORDS) + "\n")
    config = {"model_type": "bert", "id2label": {str(number): label for number, label in enumerate(LABELS)}, "max_position_embeddings": PIECES_AT_ONCE}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": True, "tokenizer_class": "BertTokenizer"}))


def recognisers(folder="tiny", **more):
    """A `recognisers.toml` that names it."""
    lines = [f'folder = "{folder}"', f'library = "{more.pop("library", library())}"', *(f"{key} = {value}" for key, value in more.items())]
    return "\n".join(["[model]", *lines, "[model.labels]", 'PER = "PERSON"', ""])
