"""The file of a backup: what went in comes out, and nothing that was changed is taken for it."""

import io
import os

import pytest

from accounts.backup_archive import PIECE, Unreadable, WeakKey, reading, writing

KEY = "a-long-key-for-the-tests-only"
BIG = os.urandom(2 * PIECE + 17)  # does not pack, so it takes several pieces


def written(key=KEY):
    file = io.BytesIO()
    with writing(file, key) as archive:
        archive.line({"engine": "test"})
        with archive.blocks({"table": "a"}) as blocks:
            for start in range(0, len(BIG), 100_000):
                blocks.write(BIG[start : start + 100_000])
        with archive.blocks({"table": "empty"}):
            pass
        archive.line({"sequence": "s", "value": 7})
    return file.getvalue()


def read(data, key=KEY):
    return [(told, stream and stream.read()) for told, stream in reading(io.BufferedReader(io.BytesIO(data)), key)]


def test_what_went_in_comes_out():
    assert read(written()) == [
        ({"engine": "test"}, None),
        ({"table": "a"}, BIG),
        ({"table": "empty"}, b""),
        ({"sequence": "s", "value": 7}, None),
    ]


def test_a_stream_that_is_not_read_is_passed_over():
    told = [told for told, _ in reading(io.BufferedReader(io.BytesIO(written())), KEY)]
    assert told[-1] == {"sequence": "s", "value": 7}


def test_it_cannot_be_read_without_the_key_and_two_are_never_alike():
    one, two = written(), written()
    assert b"engine" not in one
    assert one != two
    with pytest.raises(Unreadable, match="Sai BACKUP_KEY"):
        read(one, key="another-long-key-for-tests")


@pytest.mark.parametrize("key", ["", "short"])
def test_a_weak_key_is_refused(key):
    with pytest.raises(WeakKey):
        written(key)


@pytest.mark.parametrize("share", [0.0, 0.0001, 0.3, 0.6, 0.9999])
def test_one_changed_byte_is_noticed_wherever_it_is(share):
    data = bytearray(written())
    data[int(share * len(data))] ^= 1
    with pytest.raises(Unreadable):
        read(bytes(data))


@pytest.mark.parametrize("left", [0, 10, 60, 72, 76, PIECE, 2 * PIECE + 200, -1])
def test_a_cut_end_is_noticed(left):
    with pytest.raises(Unreadable):
        read(written()[:left])


def test_a_missing_piece_at_the_end_is_noticed_though_the_rest_is_whole():
    data, head, sealed = written(), 24 + 16 + 32, 4 + PIECE + 16
    with pytest.raises(Unreadable, match="cắt ngắn"):
        read(data[: head + sealed])
    with pytest.raises(Unreadable, match="hỏng"):
        read(data[:head] + data[head + sealed :])
    with pytest.raises(Unreadable):
        read(data + b"more")
