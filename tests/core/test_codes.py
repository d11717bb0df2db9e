import uuid

from convoca.core.codes import (
    CROCKFORD,
    SPEAKABLE,
    fresh_short_code,
    public_code,
    spoken_code,
    tidy_code,
    tidy_short_code,
    uuid7,
)


def test_a_code_read_out_badly_is_understood():
    assert tidy_code("  O1lI-k7mq ") == "0111-k7mq"


def test_public_codes_are_eight_letters_of_crockford():
    code = public_code()
    assert len(code) == 8
    assert not set(code) & set("ilou")


def test_uuid7_sorts_by_time_and_says_its_version():
    earlier, later = uuid7(), uuid7()
    assert earlier.version == 7
    assert later.int >> 80 >= earlier.int >> 80


def test_uuid7_of_one_process_come_in_order():
    made = [uuid7() for _ in range(5000)]
    assert made == sorted(set(made))


def test_uuid7_stay_in_order_over_a_small_step_back_and_follow_a_great_one(monkeypatch):
    now = 1_900_000_000_000_000_000
    monkeypatch.setattr("time.time_ns", lambda: now)
    first = uuid7()
    monkeypatch.setattr("time.time_ns", lambda: now - 5 * 10**9)
    second = uuid7()
    monkeypatch.setattr("time.time_ns", lambda: now - 60 * 10**9)
    third = uuid7()
    assert third < first < second
    assert {made.version for made in (first, second, third)} == {7}
    assert {made.variant for made in (first, second, third)} == {uuid.RFC_4122}


def test_a_spoken_code_is_already_tidy():
    code = spoken_code()
    assert tidy_code(code.upper()) == code


def test_no_public_code_is_a_number_to_a_spreadsheet(monkeypatch):
    thrown = iter(["01234567", "12e45678", "eeeeeeee", "k7mq02xd"])

    def lot(_bits):
        return sum(CROCKFORD.index(letter) << 5 * at for at, letter in enumerate(next(thrown)))

    monkeypatch.setattr("secrets.randbits", lot)
    assert public_code() == "k7mq02xd"


def test_a_short_code_is_four_signs_that_no_ear_or_eye_mistakes():
    codes = {fresh_short_code(lambda _code: False) for _ in range(500)}

    assert {len(code) for code in codes} == {4}
    assert set("".join(codes)) <= set(SPEAKABLE)
    assert not set(SPEAKABLE) & set("01AEIOULSZB5")
    assert not [code for code in codes if code.isdigit()]


def test_short_codes_grow_when_many_are_taken():
    assert len(fresh_short_code(lambda code: len(code) == 4)) == 5
    assert len(fresh_short_code(lambda code: len(code) < 6)) == 6


def test_a_short_code_typed_from_a_wall_is_understood():
    assert tidy_short_code(" 7k-Q z ") == "7KQ2"
    code = fresh_short_code(lambda _code: False)
    assert tidy_short_code(code.lower()) == code
