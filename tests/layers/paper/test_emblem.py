"""Logos drawn as SVG, as shapes for paper: placed, filled, and refused by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.paper.emblem import UnreadableEmblem, emblem
from layers.paper.svg import as_svg

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">'


def of(inner: str, head: str = HEAD) -> list[tuple[str, tuple[float, ...]]]:
    """Fill and bounds of each shape."""
    found = []
    for path in emblem(f"{head}{inner}</svg>").contents:
        x, y = path.points[::2], path.points[1::2]
        found.append((path.fillColor.hexval()[2:], (min(x), min(y), max(x), max(y))))
    return found


def test_shapes_stand_upright_in_the_box() -> None:
    assert of('<rect x="0" y="0" width="10" height="5" fill="#102030"/>') == [("102030", (0, 15, 10, 20))]
    assert of('<path d="M0 20H40V10Z" fill="#abc"/>') == [("aabbcc", (0, 0, 40, 10))]
    shifted = HEAD.replace("0 0 40 20", "-10 100 40 20")
    assert of('<polygon points="-10,100 0,100 0,120" fill="white"/>', shifted) == [("ffffff", (0, 0, 10, 20))]


def test_fills_and_places_of_groups_come_down() -> None:
    inner = (
        '<g fill="#ff0000" transform="translate(10 5) scale(2)"><rect width="2" height="2"/>'
        '<rect width="1" height="1" style="fill: #00ff00" transform="matrix(1 0 0 1 3 0)"/></g>'
    )
    assert of(inner) == [("ff0000", (10, 11, 14, 15)), ("00ff00", (16, 13, 18, 15))]


def test_what_has_no_fill_is_not_drawn_and_what_says_none_is_black() -> None:
    assert of('<rect width="9" height="9" fill="none"/><circle cx="5" cy="5" r="5"/>') == [
        ("000000", pytest.approx((0, 10, 10, 20)))
    ]


@given(st.integers(1, 9), st.sampled_from(["", "Z"]))
def test_every_part_of_an_outline_is_closed(parts: int, end: str) -> None:
    outline = " ".join(f"M{n} {n}h1v1{end}" for n in range(parts))
    (path,) = emblem(f'{HEAD}<path fill-rule="evenodd" d="{outline}"/></svg>').contents
    assert path.operators.count(0) == path.operators.count(3) == parts
    assert path.fillMode == 0


def test_it_can_be_written_as_svg_again() -> None:
    assert "<path" in as_svg(emblem(f'{HEAD}<circle cx="9" cy="9" r="5" fill="#123456"/></svg>'))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("no xml", "no sound XML"),
        ("<html/>", "no SVG"),
        ("<svg/>", "no viewBox"),
        (f"{HEAD}</svg>", "0 shapes"),
        (f"{HEAD}<text>А</text></svg>", "<text>"),
        (f'{HEAD}<image href="http://x/y.png"/></svg>', "<image>"),
        (f'{HEAD}<script>alert(1)</script><rect width="1" height="1"/></svg>', "<script>"),
        (f'{HEAD}<rect width="1" height="1" stroke="#000"/></svg>', "stroke"),
        (f'{HEAD}<rect width="1" height="1" fill="url(#a)"/></svg>', "fill"),
        (f'{HEAD}<rect width="1" height="1" class="a"/></svg>', "class"),
        (f'{HEAD}<rect width="1" height="1" opacity="0.5"/></svg>', "opacity"),
        (f'{HEAD}<rect width="1" height="1" transform="rotate(4)"/></svg>', "transform"),
        (f'{HEAD}<path d="M nothing"/></svg>', "outline"),
        (f'{HEAD}<defs><linearGradient id="a"/></defs><rect width="1" height="1"/></svg>', "<defs>"),
        (f'<!DOCTYPE svg [<!ENTITY a "b">]>{HEAD}<rect width="1" height="1"/></svg>', "declarations"),
    ],
)
def test_what_paper_would_show_otherwise_is_refused_by_name(text: str, why: str) -> None:
    with pytest.raises(UnreadableEmblem, match=why):
        emblem(text)
