"""The stamp: data, code, day."""

import re

from layers.day import today
from layers.stamp import code, stamp
from layers.store import EmbeddedStore
from layers.text import Words


def test_the_stamp_tells_data_code_and_day(store: EmbeddedStore) -> None:
    assert re.fullmatch("[0-9a-f]{7}", code())
    for words in (Words("ru"), Words("en")):
        told = stamp(store, words)
        assert store.digest in told
        assert code() in told
        assert words.date(today()) in told
