import pytest

from relations.rules import graph


@pytest.mark.parametrize("count", [1, 2, 7, 10, 11, 20])
def test_everybody_lies_inside_the_drawing_and_apart(count):
    found = [(float(spot.x), float(spot.y)) for spot in graph.spots(count)]

    height = graph.rings_of(count).height
    assert len(found) == count
    assert all(graph.RADIUS <= x <= graph.WIDTH - graph.RADIUS for x, _y in found)
    assert all(0 <= float(spot.name_y) <= height and float(spot.word_y) <= height for spot in graph.spots(count))
    closest = min(
        ((x - other_x) ** 2 + (y - other_y) ** 2) ** 0.5
        for place, (x, y) in enumerate(found)
        for other_x, other_y in [*found[:place], (graph.CENTRE_X, height / 2)]
    )
    assert closest > 2 * graph.RADIUS


def test_lengths_are_written_with_a_point():
    spot = next(graph.spots(1))

    assert (spot.x, spot.y, spot.start_y, spot.end_y) == ("380.0", "65.0", "170.0", "87.0")


@pytest.mark.parametrize(("count", "height"), [(0, 242), (1, 242), (2, 399), (3, 332), (10, 399)])
def test_a_drawing_is_no_higher_than_its_people_need(count, height):
    assert graph.height_of(count) == height
    assert all(float(spot.word_y) < height for spot in graph.spots(count))
