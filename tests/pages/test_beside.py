"""Two views side by side, as Streamlit runs it: set beside, changed on the left, swapped, ended."""

import pytest
from streamlit.testing.v1 import AppTest

from layers.text import Words
from tests.pages.test_explore import address, did, map_spec, opened, sound

RU = Words("ru")


def press(app: AppTest, label: str) -> AppTest:
    return sound(next(button for button in app.button if button.label == label).click().run())


@pytest.mark.parametrize("page", ["explore", "reach"])
def test_a_view_is_set_beside_and_let_go(page: str) -> None:
    first = {} if page == "explore" else {"page": page}
    app = press(opened("beside", **first), RU("beside.set"))
    assert address(app) == first | {"split": "swipe", "with": "-"}
    assert map_spec(app)["beside"]["on"] == map_spec(app)["on"]
    assert address(press(app, RU("beside.end"))) == first


def test_the_year_of_the_left_is_chosen() -> None:
    app = opened("beside", split="side", **{"with": "-"})
    app = sound(app.toggle(key="by_year_left").set_value(True).run())
    year = app.slider(key="year_left").value
    assert address(app) == {"split": "side", "with": f"year={year}"}
    app = sound(app.slider(key="year_left").set_value(2012).run())
    assert address(app)["with"] == "year=2012"
    app = press(app, RU("beside.swap"))
    assert address(app) == {"split": "side", "year": "2012", "with": "year="}
    app = press(app, RU("beside.again"))
    assert address(app) == {"split": "side", "year": "2012", "with": "-"}


def test_one_map_of_two_is_kept_in_the_address() -> None:
    app = opened("beside", split="side", **{"with": "year=2012"})
    control = next(group for group in app.get("button_group") if group.key == "beside_split")
    app = sound(control.set_value(None).run())
    assert address(app) == {"with": "year=2012"}


def test_scenarios_of_the_left_are_chosen() -> None:
    app = opened("beside", page="reach", split="swipe", **{"with": "-"})
    app = sound(app.selectbox(key="after_left").set_value("stage-1").run())
    assert address(app) == {"page": "reach", "split": "swipe", "with": "after=stage-1"}
    app = sound(app.selectbox(key="before_left").set_value("today").run())
    assert address(app)["with"] == "before=today&after=stage-1"
    assert app.selectbox(key="after").value == "stage-3"


def test_what_is_done_on_the_map_leaves_the_left_alone() -> None:
    app = did(opened(split="swipe", year="2020", **{"with": "year=2012"}), on="rivers")
    assert address(app) == {"on": "rivers", "split": "swipe", "year": "2020", "with": "year=2012&on="}
    app = did(app, on="rivers,roads", number=2)
    assert address(app)["with"] == "year=2012&on="


def test_filters_that_are_gone_are_gone_on_the_left_too() -> None:
    app = opened(split="swipe", **{"with": "f.bodies=nobody-we-know&year=2012"})
    assert address(app) == {"split": "swipe", "with": "year=2012"}
    assert RU("entry.with") in app.toast[0].value
