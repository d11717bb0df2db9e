from hypothesis import given
from hypothesis import strategies as st

from convoca.exchange.reading.seen import Seen


@given(st.lists(st.tuples(st.text(min_size=1, max_size=3), st.integers(1, 2**31)), max_size=3000))
def test_it_remembers_as_a_dictionary_does(pairs):
    seen, known = Seen(), {}
    for key, number in pairs:
        seen.add(key, number)
        known[key] = number
    assert {key: seen.get(key) for key in known} == known
    assert seen.get(("never", "added")) == 0
