"""A drawing as a picture of pixels: set as PDF and rendered by PDFium, so that it is the sheet itself."""

import io

import pypdfium2
from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Drawing

from layers.paper import fonts

_POINTS_PER_INCH = 72


def as_png(drawing: Drawing, dpi: float = 200, *, optimised: bool = True) -> bytes:
    """A drawing as PNG, at so many pixels an inch of its own size; packed faster if not `optimised`."""
    fonts.register()
    page = renderPDF.drawToString(drawing)
    file = io.BytesIO()
    with pypdfium2.PdfDocument(page) as document:
        bitmap = document[0].render(scale=dpi / _POINTS_PER_INCH)
        bitmap.to_pil().convert("RGB").save(file, format="PNG", optimize=optimised, dpi=(dpi, dpi))
    return file.getvalue()
