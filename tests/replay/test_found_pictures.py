"""A library of pictures of people, by a published network: each finds itself, and is found mirrored."""

from __future__ import annotations

import os

import numpy as np
import pytest

pytest.importorskip("ai_edge_litert", reason="no interpreter is installed")
pytest.importorskip("av", reason="no PyAV is installed")

from posecoach.adapters.picture_library import PictureLibrary
from posecoach.adapters.pictures import read_picture, write_png
from posecoach.app import open_estimator
from posecoach.cli.library_build import pictures_in
from posecoach.cli.picture_reader import PictureReader, answered
from posecoach.cli.posed_pictures import posed_in, twin_of
from posecoach.library.metric import Metric, asked
from posecoach.library.stock import Origin


def test_every_picture_finds_itself_first_and_its_mirror_image_finds_it_as_such(shared, tmp_path):
    pictures = shared / "data" / "images"
    model = (shared / "models" / "posenet_mobilenet_v1_075_353_481_quant_decoder.tflite").read_bytes()
    with (
        open_estimator(model, "posenet", num_threads=2) as estimator,
        PictureLibrary(tmp_path / "people.library", to_build=True) as library,
    ):
        library.begin(Origin(str(pictures), "posenet", ""))
        reader = PictureReader(estimator)
        for number, path in library.take_stock(pictures_in(pictures)):
            library.keep(number, answered(reader.answer(os.fsencode(pictures / path))))
        index = library.index()
        with_people = sorted({library.person(at).path for at in range(len(index))})
        assert len(with_people) >= 10

        for path in with_people:
            turned = tmp_path / "turned.png"
            write_png(turned, np.ascontiguousarray(read_picture(pictures / path)[:, ::-1]))
            for query, mirrored in ((pictures / path, False), (turned, True)):
                posed = posed_in(query, estimator)
                twin = twin_of(posed, estimator)
                for metric in Metric:
                    pose = posed.pose
                    wanted = asked(pose.keypoints_xy, pose.keypoint_scores, metric, seen_twin=twin)
                    (found,) = index.nearest(wanted, 1)
                    assert (library.person(found.at).path, found.mirrored) == (path, mirrored)
                    assert found.distance < 1e-6
