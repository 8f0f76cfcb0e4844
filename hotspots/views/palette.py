"""
The colours, once: Government Analysis Function palette, safe for colour-blind readers.

No colour is the only carrier of a meaning. On dark ground the lighter member of
each pair is used, so that every mark keeps a contrast of 3 to 1 with what it lies on.
"""

from typing import Final

# The six categorical colours, in the order in which the guidance uses them.
BLUE: Final = "#12436D"
TEAL: Final = "#28A197"
PLUM: Final = "#801650"
ORANGE: Final = "#F46A25"
GREY: Final = "#3D3D3D"
LAVENDER: Final = "#A285D1"
CATEGORICAL: Final = (BLUE, TEAL, PLUM, ORANGE, GREY, LAVENDER)

# The sequential colours, and two lighter steps of the same hue for maps of five classes.
MID_BLUE: Final = "#2073BC"
LIGHT_BLUE: Final = "#6BACE6"
SEQUENTIAL: Final = ("#DCEBF9", "#A9CFF1", LIGHT_BLUE, MID_BLUE, BLUE)

# How the map looks on light and on dark ground, by what each colour is for.
LIGHT: Final[dict[str, str]] = {
    "outside": "#E9E9E6",
    "land": "#F7F7F5",
    "green": "#DDE9D7",
    "water": "#C3D9EA",
    "street": "#E2E2DE",
    "main": "#CFCFCA",
    "motorway": "#B3B3AE",
    "rail": "#C9C9C9",
    "ward": "#9298A0",
    "authority": "#5B626B",
    "text": "#454B52",
    "faint": "#666D75",
    "halo": "#FFFFFF",
    "point": BLUE,
    "point 2": "#B8480F",
    "point 3": "#157A72",
    "point 4": GREY,
    "point 5": "#7250A8",
    "point edge": "#FFFFFF",
    "hotspot": PLUM,
    "on hotspot": "#FFFFFF",
    "area": "#0B5F57",
    "on area": "#FFFFFF",
    "selected": "#1D1D1B",
}
DARK: Final[dict[str, str]] = {
    "outside": "#0B0E13",
    "land": "#161B22",
    "green": "#18271F",
    "water": "#16304A",
    "street": "#242B34",
    "main": "#323B47",
    "motorway": "#46515F",
    "rail": "#2C333C",
    "ward": "#58626E",
    "authority": "#97A1AD",
    "text": "#C3CBD5",
    "faint": "#96A0AC",
    "halo": "#0B0E13",
    "point": "#9CCBF5",
    "point 2": "#FFB38A",
    "point 3": "#7ADFD3",
    "point 4": "#D9D9D6",
    "point 5": "#CDB8F0",
    "point edge": "#0B0E13",
    "hotspot": "#FF8A4C",
    "on hotspot": "#16110D",
    "area": "#5CD6C9",
    "on area": "#06211E",
    "selected": "#FFFFFF",
}
# Classes of a shaded map, few to many: more is darker on light ground, lighter on dark.
SHADES_LIGHT: Final = SEQUENTIAL
SHADES_DARK: Final = ("#17304A", "#1B4A78", MID_BLUE, LIGHT_BLUE, "#CFE5F9")
# Few to many, for the heat layer: another hue than the shading it may lie on.
HEAT: Final = ("#FBD3BF", ORANGE, "#B5305A", PLUM)

# Charts, by what each colour is for.
CHART_LIGHT: Final[dict[str, str]] = {
    "now": BLUE,
    "before": "#B8480F",
    "spread": MID_BLUE,
    "gap": GREY,
    "ground": "#FFFFFF",
    "few": "#EDF4FB",
    "many": BLUE,
}
CHART_DARK: Final[dict[str, str]] = {
    "now": "#9CCBF5",
    "before": ORANGE,
    "spread": LIGHT_BLUE,
    "gap": "#C3CBD5",
    "ground": "#0B0E13",
    "few": "#16263A",
    "many": "#CFE5F9",
}
