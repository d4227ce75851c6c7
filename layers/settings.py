"""Settings that whoever runs the planner gives by environment variables."""

import os


class SettingError(ValueError):
    """A setting cannot be used; the message names it, what is wrong with it, and where."""


def setting(name: str) -> str:
    """The text of a setting; empty where it is not given."""
    return os.environ.get(name, "").strip()
