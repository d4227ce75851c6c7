"""Charts on paper: vectors in the colours of the board and the faces of documents, with figures at marks.

`rows` draws bars, `courses` what runs over years, `planes` clouds and radars, `areas` treemaps, `flows`
Sankey diagrams. A chart that cannot be drawn is told by its table.
"""

from reportlab.graphics.shapes import Drawing

from layers.catalog import Language
from layers.chart import Chart
from layers.paper import fonts
from layers.paper.charts.areas import draw_tree
from layers.paper.charts.courses import draw_course
from layers.paper.charts.flows import draw_flow
from layers.paper.charts.pen import Pen
from layers.paper.charts.planes import draw_cloud, draw_web
from layers.paper.charts.rows import draw_bars
from layers.paper.plots import Bars, Cloud, Course, Flow, Plot, Tree, plot_of

TYPE = 7.0
"""The size of the type of a chart within a document, in points."""


def draw_chart(
    chart: Chart, wide: float, language: Language, *, size: float = TYPE, high: float | None = None
) -> list[Drawing]:
    """A chart as drawings of that width in points; empty where there is nothing that can be drawn.

    Bars that would be higher than `high` come in several drawings; all else is one, no higher than that.
    """
    plot = plot_of(chart)
    return draw_plot(plot, wide, language, size=size, high=high) if plot else []


def draw_plot(
    plot: Plot, wide: float, language: Language, *, size: float = TYPE, high: float | None = None
) -> list[Drawing]:
    """A plot as drawings, as `draw_chart` does."""
    fonts.register()
    pen = Pen(language, size)
    match plot:
        case Bars():
            return draw_bars(plot, wide, pen, high)
        case Course():
            return [draw_course(plot, wide, pen, high)]
        case Cloud():
            return [draw_cloud(plot, wide, pen, high)]
        case Tree():
            return [draw_tree(plot, wide, pen, high)]
        case Flow():
            return [draw_flow(plot, wide, pen, high)]
    return [draw_web(plot, wide, pen, high)]
