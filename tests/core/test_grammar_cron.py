import zoneinfo

import pytest

from k8sgen_core.grammar import ArgumentError
from k8sgen_core.grammar.cron import cron
from k8sgen_core.grammar.time_zone import time_zone

KNOWS_ZONES = "US/Pacific" in zoneinfo.available_timezones()


@pytest.mark.parametrize(
    "value",
    [
        "* * * * *",
        "0 3 * * MON-FRI",
        "0 3 * * mon,Wed",
        "*/5 0-23/2 1,15 JAN-jun ?",
        "5/15 * * * *",
        "? ? ? ? ?",
        "  0  3 * *\t0 ",
        "00 +3 * * 6",
        "1,,2 * * * *",
        "*-5 * * * *",
        "@hourly",
        "@annually",
        "@every 1h30m",
        "@every 1.5h",
    ],
)
def test_what_kubernetes_accepts_is_returned_as_the_object_it_was(value):
    assert cron(value) is value


@pytest.mark.parametrize(
    ("value", "fault", "hint"),
    [
        ("61 * * * *", "minute 61 is outside 0-59", "write 0 to 59"),
        ("* 24 * * *", "hour 24 is outside 0-23", "write 0 to 23"),
        ("* * 0 * *", "day of month 0 is outside 1-31", "write 1 to 31"),
        ("* * * 13 *", "month 13 is outside 1-12", "write 1 to 12"),
        ("* * * * 7", "day of week 7 is outside 0-6", "Sunday is 0 or SUN"),
        ("0-61/2 * * * *", "minute 61 is outside 0-59", "write 0 to 59"),
        (
            "* * * * FRI-MON",
            "day of week FRI-MON ends before it begins",
            "did you mean 'FRI-6,0-MON'?",
        ),
        ("* * * JANUARY *", "month 'JANUARY' is not a number or a name", "did you mean 'JAN'?"),
        ("* * * * 1-x", "day of week 'x' in 1-x is not a number or a name", "write 0 to 6"),
        ("L * * * *", "minute 'L' is not a number", "write 0 to 59"),
        ("\u0661 * * * *", "minute '\u0661' is not a number", "write 0 to 59"),
        ("*/0 * * * *", "minute */0 has step 0", "did you mean '*/1'?"),
        ("*/-5 * * * *", "minute '-5' in */-5 is not a number", "write 0 to 59"),
        (
            "1-2-3 * * * *",
            "minute 1-2-3 has too many hyphens",
            "write two ranges with a comma between them",
        ),
        ("1/2/3 * * * *", "minute 1/2/3 has more than one step", "keep one '/'"),
        ("@Hourly", "it names no known schedule", "did you mean '@hourly'?"),
        (
            "TZ=UTC 0 3 * * *",
            "Kubernetes refuses TZ= and CRON_TZ= in a schedule",
            "drop it and call .timezone('Europe/Berlin') with your zone",
        ),
    ],
)
def test_wrong_schedules_name_the_field_at_fault(value, fault, hint):
    with pytest.raises(ArgumentError) as caught:
        cron(value)

    assert caught.value.rule == "invalid-cron"
    assert caught.value.message == f"{value!r} is not a cron schedule: {fault}"
    assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("value", "count", "hint"),
    [
        ("0 0 3 * * *", "6 fields", "Kubernetes knows no seconds; did you mean '0 3 * * *'?"),
        ("hourly", "1 field", "did you mean '@hourly'?"),
        (" @hourly", "1 field", "did you mean '@hourly'?"),
        ("", "0 fields", "write e.g. '0 3 * * *' for every day at three"),
    ],
)
def test_a_wrong_number_of_fields_is_told(value, count, hint):
    with pytest.raises(ArgumentError) as caught:
        cron(value)

    assert f"it has {count}; Kubernetes takes 5" in caught.value.message
    assert caught.value.hint == hint


def test_a_schedule_is_text():
    with pytest.raises(ArgumentError) as caught:
        cron(5)

    assert caught.value.rule == "wrong-type"


@pytest.mark.parametrize(
    "value", ["Europe/Berlin", "UTC", "Etc/GMT+3", "America/Argentina/Buenos_Aires", "US/Pacific"]
)
def test_time_zones_are_returned_as_the_object_they_were(value):
    assert time_zone(value) is value


@pytest.mark.parametrize(
    "value", ["Local", "local", "", "A/../B", "-A/B", "Europe/", "UTC\n", "a" * 15, "Zürich"]
)
def test_what_cannot_be_a_time_zone_anywhere_is_refused(value):
    with pytest.raises(ArgumentError) as caught:
        time_zone(value)

    assert caught.value.rule == "invalid-time-zone"


@pytest.mark.skipif(not KNOWS_ZONES, reason="this system has no complete time zone database")
@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("europe/berlin", "did you mean 'Europe/Berlin'?"),
        ("Europe/Berln", "did you mean 'Europe/Berlin'?"),
        ("America/New York", "did you mean 'America/New_York'?"),
        ("Mars/Base", "write 'Area/City'"),
    ],
)
def test_unknown_time_zones_name_the_nearest(value, hint):
    with pytest.raises(ArgumentError) as caught:
        time_zone(value)

    assert caught.value.hint == hint
