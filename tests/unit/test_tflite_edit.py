"""Taking the decoder operator out of a model file."""

from __future__ import annotations

import hashlib
import random
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecoach.errors import ModelError
from posecoach.vision.flat_table import FlatTable
from posecoach.vision.tflite_edit import custom_operators, without_decoder

pytest.importorskip("ai_edge_litert", reason="the tiny model is built with the interpreter's schema")

import flatbuffers
import numpy as np

from tiny_posenet import tiny_posenet

# As published, and after the edit: reference/posenet-coral.md, section 2.4.
AFTER = {
    "353_481_quant_decoder_edgetpu": "d1a474336e59c0563af41c4f9f9fe85baf7a860255d6b464079e9517e771705c",
    "481_641_quant_decoder_edgetpu": "2d230fcb86f8ee193378e6852f89d8f700371fb8ea9e75f7da16b58cb5c5be36",
    "721_1281_quant_decoder_edgetpu": "500f5fee0f45ccdb9d5541aec6286ecb645f13e24b471630750336fe89bcfc3a",
    "353_481_quant_decoder": "be0d285d1e806bc449dce87980edf50885ea113f649d05a9fc3e781a217b3bd5",
    "481_641_quant_decoder": "0f3ad29508095959c086d6858b4f2b22d59ca1cc9e8ecf3d04de928e19a5b4b7",
    "721_1281_quant_decoder": "83b27b9369c77c0a1600d8b9cb3401b6efdda3bc22d222f819b2fa8452157f50",
}

TINY = tiny_posenet()


def outline(content):
    """Outputs of the graph, number of operators, number of operator codes."""
    model = FlatTable.root(content)
    [graph] = model.tables(2)
    return graph.integers(2), len(graph.tables(3)), len(model.tables(1))


@pytest.mark.shared
@pytest.mark.parametrize("name", AFTER)
def test_the_published_files_come_out_as_recorded(shared, name):
    published = (shared / "models" / f"posenet_mobilenet_v1_075_{name}.tflite").read_bytes()
    edited = without_decoder(published)
    assert hashlib.sha256(edited).hexdigest() == AFTER[name]
    assert len(edited) == len(published)
    assert sum(a != b for a, b in zip(published, edited, strict=True)) == 6


def test_the_heads_become_the_outputs_and_operator_and_code_go():
    outputs, operators, codes = outline(TINY)
    edited_outputs, edited_operators, edited_codes = outline(without_decoder(TINY))
    assert (len(outputs), len(edited_outputs)) == (4, 3)
    assert edited_outputs == FlatTable.root(TINY).tables(2)[0].tables(3)[-1].integers(1)
    assert (edited_operators, edited_codes) == (operators - 1, codes - 1)


def test_a_second_edit_changes_nothing():
    edited = without_decoder(TINY)
    assert without_decoder(edited) is edited


def test_a_file_without_the_operator_is_returned_unchanged():
    plain = tiny_posenet(last_operator=None)
    assert without_decoder(plain) is plain


def test_custom_operators_are_named():
    assert custom_operators(TINY) == {"PosenetDecoderOp"}
    assert custom_operators(without_decoder(TINY)) == frozenset()
    assert custom_operators(tiny_posenet(last_operator="edgetpu-custom-op")) == {"edgetpu-custom-op"}


@pytest.mark.parametrize("content", [b"", b"TFL3", b"<html>not found</html>", b"\x00" * 64])
def test_what_is_no_model_is_refused_with_what_was_found(content):
    with pytest.raises(ModelError, match="not a TensorFlow Lite model"):
        without_decoder(content)


def test_heads_of_other_channels_are_refused_with_the_channels():
    with pytest.raises(ModelError, match=r"\[16, 34, 64\].*\[17, 34, 64\]"):
        without_decoder(tiny_posenet(channels=(16, 34, 64)))


def test_heads_in_another_order_are_refused():
    with pytest.raises(ModelError, match=r"\[34, 17, 64\]"):
        without_decoder(tiny_posenet(channels=(34, 17, 64)))


def test_every_cut_of_a_file_is_an_error_and_nothing_else():
    for length in range(len(TINY)):
        with pytest.raises(ModelError):
            custom_operators(TINY[:length])


@settings(max_examples=400, deadline=None, database=None)
@given(seed=st.integers(0, 2**32 - 1), flips=st.integers(1, 12))
def test_damaged_bytes_are_an_error_or_a_model_but_never_another_exception(seed, flips):
    damaged = bytearray(TINY)
    rng = random.Random(seed)
    for _ in range(flips):
        at = rng.randrange(8, len(damaged))
        damaged[at] = rng.choice([0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)])
    try:
        edited = without_decoder(bytes(damaged))
    except ModelError:
        return
    assert len(edited) == len(damaged)


@pytest.mark.parametrize("word", [0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF])
def test_each_word_may_be_hostile(word):
    for at in range(0, len(TINY) - 4, 4):
        damaged = bytearray(TINY)
        struct.pack_into("<I", damaged, at, word)
        damaged[4:8] = b"TFL3"
        try:
            edited = without_decoder(bytes(damaged))
        except ModelError:
            continue
        assert len(edited) == len(damaged)


def test_tables_that_share_one_long_vector_end_the_reading_soon():
    content = one_operator_many_times(operators=30_000, inputs=30_000)
    with pytest.raises(ModelError, match="more than the file"):
        custom_operators(content)


def one_operator_many_times(operators, inputs):
    """A file whose operators are all the same table, with a long list of inputs."""
    builder = flatbuffers.Builder(1 << 20)

    def table(fields):
        builder.StartObject(6)
        for number, offset in fields.items():
            builder.PrependUOffsetTRelativeSlot(number, offset, 0)
        return builder.EndObject()

    def vector(offset, count):
        builder.StartVector(4, count, 4)
        for _ in range(count):
            builder.PrependUOffsetTRelative(offset)
        return builder.EndVector()

    zeros = builder.CreateNumpyVector(np.zeros(inputs, np.int32))
    same = vector(table({1: zeros}), operators)
    graph = table({0: vector(table({}), 1), 3: same})
    model = {1: vector(table({}), 1), 2: vector(graph, 1), 4: vector(table({}), 1)}
    builder.Finish(table(model), b"TFL3")
    return bytes(builder.Output())
