"""The day on which something is made or asked, in Tomsk."""

from datetime import datetime, timedelta, timezone

_TOMSK = timezone(timedelta(hours=7))


def today() -> str:
    """The day in Tomsk, `YYYY-MM-DD`."""
    return datetime.now(_TOMSK).date().isoformat()


def this_year() -> int:
    """The year in Tomsk."""
    return datetime.now(_TOMSK).year
