"""The face stage around whatever refines: alignment, laying back, and the restorer before it."""

from typing import Any

import cv2
import numpy as np
import pytest
from charts import chart
from small_faces import PHOTO, Brighter, Drawn, Known, blurred, changed, lighter

from degrade.types import Image
from restore_models.faces import Face, Refined, aligned, at_side, chosen, feather, placement, refined, region


def test_only_pixels_inside_the_faces_square_change() -> None:
    face = Face((40, 50, 60, 60))
    found = refined(PHOTO, placement(face), Drawn(blurred))
    inside = np.zeros(PHOTO.shape[:2], bool)
    inside[31:109, 41:119] = True  # the box, enlarged by 1.3
    assert changed(found, PHOTO)[50:90, 60:100].mean() > 0.5
    assert not changed(found, PHOTO)[~inside].any()


@pytest.mark.parametrize("box", [(40, 50, 60, 60), (-20, -30, 70, 60), (120, 150, 60, 60), (0, 0, 150, 180)])
def test_a_refiner_that_changes_nothing_leaves_every_byte(box: tuple[int, int, int, int]) -> None:
    assert np.array_equal(refined(PHOTO, placement(Face(box)), Drawn(lambda face: face)), PHOTO)


def test_a_face_beside_the_photo_is_left_alone() -> None:
    refiner = Drawn(blurred)
    assert np.array_equal(refined(PHOTO, placement(Face((400, 0, 40, 40))), refiner), PHOTO)
    assert refiner.seen == []


def test_a_refiner_that_shifts_the_tone_is_matched_to_the_photo() -> None:
    found = refined(PHOTO, placement(Face((40, 50, 60, 60))), Drawn(lighter))
    assert np.abs(found.astype(int) - PHOTO).max() <= 1


def test_no_seam_shows_around_a_face_that_changed_much() -> None:
    def checked(face: Image) -> Image:
        squares = np.kron(np.indices((8, 8)).sum(axis=0) % 2, np.ones((8, 8)))
        return (face + 120 * squares[..., None] - 60).astype(np.uint8)

    plain = np.full((200, 200, 3), 100, np.uint8)
    found = refined(plain, placement(Face((50, 50, 100, 100))), Drawn(checked))
    change = np.abs(found.astype(int) - plain).max(axis=2)
    assert change.max() > 50
    for way in (change[100], change[100, ::-1], change[:, 100], change[::-1, 100], change.diagonal()):
        begins = np.flatnonzero(way)[0]
        assert begins > 34
        assert np.diff(way[begins - 1 : begins + 4]).max() <= 4  # of 60: no edge where it begins


def test_detail_finer_than_the_refiners_pixels_stays() -> None:
    photo = np.full((512, 512, 3), 120, np.uint8)
    photo[::2] = 130  # lines that a face of 64 pixels cannot hold
    refiner = Drawn(lambda face: face)
    assert np.array_equal(refined(photo, placement(Face((100, 100, 300, 300))), refiner), photo)
    (seen,) = refiner.seen
    assert np.ptp(seen[8:-8, 8:-8]) <= 1


def test_the_feather_is_whole_in_the_middle_and_nothing_at_the_edge() -> None:
    weight = feather(96)
    edge = np.concatenate([weight[0], weight[-1], weight[:, 0], weight[:, -1]])
    assert weight[48, 48] == 1
    assert edge.max() == 0
    assert np.abs(np.diff(weight, axis=1)).max() < 0.1


def test_landmarks_turn_a_face_upright_as_in_ffhq() -> None:
    eyes_and_mouth = np.array([(-20, 0), (20, 0), (0, 20), (-15, 40), (15, 40)], float)
    angle = np.deg2rad(30)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    points = eyes_and_mouth @ turn + (150, 140)
    photo = np.full((300, 300, 3), 128, np.uint8)
    for (x, y), level in zip(points, (0, 50, 90, 170, 255), strict=True):
        cv2.circle(photo, (round(x), round(y)), 4, (level,) * 3, -1)
    place = placement(Face((0, 0, 80, 80), landmarks=tuple((float(x), float(y)) for x, y in points)))
    half = max(2 * 40, 1.8 * 40)  # Karras et al. 2019: twice between the eyes, or 1.8 times down to the mouth
    assert np.hypot(*place[1]) == pytest.approx(half)
    where = region((300, 300), place, 160)
    assert where is not None
    upright = aligned(photo, where, 160)
    for (x, y), level in zip(eyes_and_mouth - (0, 4), (0, 50, 90, 170, 255), strict=True):
        assert abs(int(upright[round(80 + y), round(80 + x), 0]) - level) <= 3


def test_landmarks_in_one_point_fall_back_to_the_box() -> None:
    face = Face((10, 20, 40, 30), landmarks=((5.0, 5.0),) * 5)
    assert placement(face).tolist() == [[35, 30], [26, 0], [0, 26]]


def test_faces_are_refined_once_each_the_largest_last() -> None:
    large, twin = Face((10, 10, 60, 60), 0.9), Face((12, 12, 58, 58), 0.8)
    small, tiny = Face((5, 100, 40, 40), 0.5), Face((100, 5, 20, 20), 1.0)
    assert chosen([twin, tiny, large, small], 32) == [small, large]


def test_the_order_of_the_finds_plays_no_part() -> None:
    faces = [Face((20, 20, 60, 60)), Face((50, 60, 60, 60)), Face((80, 100, 50, 50))]
    results = [
        Refined(Brighter(), Drawn(blurred), Known(order)).restore(PHOTO)
        for order in (faces, faces[::-1], faces[1:] + faces[:1])
    ]
    assert np.array_equal(results[0], results[1])
    assert np.array_equal(results[0], results[2])


def test_a_refined_restorer_restores_and_then_refines_what_it_restored() -> None:
    detector, refiner = Known([Face((40, 50, 60, 60))]), Drawn(blurred)
    restorer = Refined(Brighter(), refiner, detector)
    photo, before = PHOTO.copy(), PHOTO.copy()
    found = restorer.restore(photo)
    assert restorer.name == "brighter+faces"
    assert np.array_equal(photo, before)
    assert np.array_equal(detector.seen[0], PHOTO + 10)
    assert changed(found, PHOTO + 10)[50:90, 60:100].any()
    assert np.array_equal(found[:20], PHOTO[:20] + 10)


def test_faces_can_be_looked_for_in_the_degraded_photo() -> None:
    detector = Known([])
    assert np.array_equal(Refined(Brighter(), Drawn(blurred), detector, "degraded").restore(PHOTO), PHOTO + 10)
    assert np.array_equal(detector.seen[0], PHOTO)


@pytest.mark.parametrize("size", [(17, 300), (64, 64), (63, 41), (5, 5)])
def test_a_refiner_of_squares_sees_squares_and_gives_back_the_size(size: tuple[int, int]) -> None:
    seen: list[Any] = []

    def same(face: Image) -> Image:
        seen.append(face.shape)
        return face

    face = chart(*size)
    found = at_side(face, 64, same)
    assert seen == [(64, 64, 3)]
    assert found.shape == face.shape
    assert found.flags.c_contiguous
