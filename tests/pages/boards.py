"""The pages of the programme as a test opens them: the address, the board, and what the reader does on it."""

import json
from pathlib import Path
from typing import Any

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

MAIN = Path(__file__).resolve().parents[2] / "pages" / "_main.py"
CROSSED = "polygon:84.00000,56.00000;86.00000,57.00000;86.00000,56.00000;84.00000,57.00000"


def opened(page: str, **params: str) -> AppTest:
    """The app as an address of a page with these entries opens it (`f__park` stands for `f.park`)."""
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    for key, value in {"page": page, **params}.items():
        app.query_params[key.replace("__", ".")] = value
    return sound(app.run())


def sound(app: AppTest) -> AppTest:
    assert not app.exception, [fault.value for fault in app.exception]
    return app


def address(app: AppTest) -> dict[str, str]:
    """The entries of the address bar."""
    return {key: value[0] if isinstance(value, list) else value for key, value in app.query_params.items()}


def walk(node: Any) -> Any:
    yield node
    for child in getattr(node, "children", {}).values():
        yield from walk(child)


def components(app: AppTest) -> dict[str, Any]:
    """Our components on the page by key."""
    return {
        node.proto.id.rpartition("-")[2]: node.proto
        for node in walk(app._tree)
        if node.type == "bidi_component"
    }


def told(app: AppTest, key: str) -> dict[str, Any]:
    """What a component was given."""
    data: dict[str, Any] = json.loads(components(app)[key].json)
    return data


def items(app: AppTest, key: str) -> dict[str, dict[str, Any]]:
    """The items of a board by id."""
    return {item["id"]: item for item in told(app, key)["items"]}


def act(app: AppTest, key: str, what: str, number: int = 1) -> AppTest:
    """Run as after a click on a board that means `what`."""
    return did(app, key, number=number, act=what)


def did(app: AppTest, key: str, **value: Any) -> AppTest:
    """Run as after something was done in a component."""
    news = WidgetState(
        id=_make_trigger_id(components(app)[key].id, "events"),
        json_trigger_value=json.dumps([{"event": "did", "value": value}]),
    )
    states = app._tree.get_widget_states()
    states.widgets.append(news)
    return sound(app._run(states))


def texts(elements: Any) -> list[str]:
    return [element.value for element in elements]


def change(widget: Any, value: Any) -> AppTest:
    return sound(widget.set_value(value).run())
