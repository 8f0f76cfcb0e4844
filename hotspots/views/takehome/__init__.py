"""
What residents take home: a page that needs no server, a sheet, slides, and open data.

All of it is written from one `Story`, and so from what is public alone. The same release
gives the same bytes.
"""

from hotspots.views.takehome.page import page_html
from hotspots.views.takehome.sheet import sheet_pdf
from hotspots.views.takehome.slides import slides_pptx

__all__ = ["page_html", "sheet_pdf", "slides_pptx"]
