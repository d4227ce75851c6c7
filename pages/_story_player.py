"""The player of a story on a page: its spec handed to our component."""

from layers.story.spec import live
from layers.story.told import ToldStory
from layers.view import View
from pages import _shell
from pages._component import component

_KEY = "planner_story"


def player(found: ToldStory, view: View) -> None:
    """Mount or update the player of a story at the chapter of the view."""
    spec = live(_shell.store(), found, view.story)
    data = {**spec, "chapter": max(1, min(view.chapter, len(found.chapters)))}
    component(_KEY, "story", "story-host")(key=_KEY, data=data)
