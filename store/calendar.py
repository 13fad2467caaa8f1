"""Days as people here count them: where a day ends, and which days are working days."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from store.clock import from_text

SATURDAY = 5


@cache
def is_working_day(day: date, region: str) -> bool:
    """Whether offices are open: Monday to Friday, and no public holiday of the country `region`.

    Holidays are those of the `holidays` library, which estimates the Islamic ones of coming years.
    """
    import holidays  # a tenth of a second that only the end of an order needs

    if day.weekday() >= SATURDAY:
        return False
    known = region in holidays.list_supported_countries(include_aliases=False)
    return not known or day not in holidays.country_holidays(region, years=day.year)


def add_working_time(start: datetime, span: timedelta, zone: ZoneInfo, region: str) -> datetime:
    """`start` plus `span`, in which only working days of `region`, in `zone`, count."""
    moment, left = start, span
    while True:
        day = moment.astimezone(zone).date()
        midnight = end_of_day(day, zone)
        if not is_working_day(day, region):
            moment = midnight
        elif midnight - moment >= left:
            return moment + left
        else:
            left -= midnight - moment
            moment = midnight


def last_moment(end: str | None) -> datetime | None:
    """The last moment before `end`, as the database writes it: the day that midnight belongs to."""
    return from_text(end) - timedelta(microseconds=1) if end else None


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The midnight that ends `day` in `zone`, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
