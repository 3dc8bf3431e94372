"""Small counts are not told, and cannot be worked out from what is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.small_cells import family_sums, is_small, withheld


@pytest.mark.parametrize(
    ("count", "small"),
    [(None, False), (0, False), (1, True), (4, True), (5, False), (-1, True), (-4, True), (-5, False)],
)
def test_what_is_small(count, small):
    assert is_small(count) == small


FAMILY = [["all", "a", "b", "c"]]


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({"all": 22, "a": 5, "b": 8, "c": 9}, ""),
        ({"all": 20, "a": 3, "b": 8, "c": 9}, "ab"),  # the smallest of the others goes with it
        ({"all": 6, "a": 3, "b": 3, "c": 0}, "ab"),  # two of them hide each other; nought is told
        ({"all": 3, "a": 3, "b": 0, "c": 0}, {"all", "a"}),
        ({"all": 9, "a": None, "b": 3, "c": 6}, "bc"),
        ({"all": 7, "a": 7, "b": 0, "c": 0}, ""),
    ],
)
def test_a_small_part_takes_a_second_one_with_it(counts, hidden):
    assert withheld(counts, FAMILY) == set(hidden)


def test_what_somebody_sees_is_told_and_counts_as_known():
    counts = {"all": 20, "a": 3, "b": 8, "c": 9}
    assert withheld(counts, FAMILY, seen={"a", "b", "c", "all"}) == set()
    assert withheld(counts, FAMILY, seen={"b"}) == {"a", "c"}
    assert withheld(counts, FAMILY, seen={"b", "c"}) == {"a", "all"}


def test_a_row_that_matters_more_is_kept_back_last():
    tie = [["start", "less", "end"]]
    assert withheld({"start": 20, "less": 3, "end": 17}, tie, last={"start"}) == {"less", "end"}
    assert withheld({"start": 20, "less": -3, "end": 23}, tie, last={"start"}) == {"less", "end"}


@given(
    st.lists(st.lists(st.one_of(st.none(), st.integers(0, 12)), min_size=1, max_size=4), min_size=1, max_size=4),
)
def test_no_sum_gives_a_hidden_count_away(districts):
    """City, districts, wards: of no sum is exactly one part hidden, and nothing small is told."""
    counts, children = {}, {"city": []}
    for number, wards in enumerate(districts):
        district = f"d{number}"
        children["city"].append(district)
        children[district] = [f"{district}w{place}" for place in range(len(wards))]
        counts |= {(name, "x"): count for name, count in zip(children[district], wards, strict=True)}
        counts[district, "x"] = sum(count or 0 for count in wards)
    counts["city", "x"] = sum(counts[district, "x"] for district in children["city"])
    sums = family_sums(children, ["x"])
    hidden = withheld(counts, sums)
    assert {key for key, count in counts.items() if is_small(count)} <= hidden
    for tie in sums:
        known = [key for key in tie if counts[key] is not None]
        assert len(known) == 1 or sum(key in hidden for key in known) != 1, tie
    assert not [key for key in hidden if counts[key] is None]


def test_sums_of_every_code():
    ties = family_sums({"city": ["a"], "a": []}, ["x", "y"])
    assert ties == [[("city", "x"), ("a", "x")], [("city", "y"), ("a", "y")]]
