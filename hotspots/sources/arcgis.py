"""
Questions to an ArcGIS service of features, and what is told from the answers alone.

A service answers with 200 also where it refuses; every answer is looked at before it is
believed.
"""

from typing import Any, Final

from hotspots.sources.web import Body, Web, WebError

_LONGEST_GET: Final = 2_000


def ask(web: Web, url: str, asked: dict[str, str]) -> Body:
    """
    An answer of a service, an object that says nothing of an error.

    Parameters
    ----------
    url
        Address of the service's layer, such as `…/FeatureServer/0`.
    asked
        Parameters of its `query`; long ones go by POST.

    Raises
    ------
    WebError
        In one sentence.
    """
    body = web.json(f"{url}/query", asked, post=sum(map(len, asked.values())) > _LONGEST_GET)
    check(body, url)
    return body


def columns(web: Web, url: str) -> list[str]:
    """
    Columns of a service, known from its first row.

    Raises
    ------
    WebError
        In one sentence.
    """
    asked = {
        "where": "1=1",
        "outFields": "*",
        "resultRecordCount": "1",
        "returnGeometry": "false",
        "f": "json",
    }
    return [str(column) for row in attributes(ask(web, url, asked)) for column in row]


def check(body: Body, url: str) -> None:
    """
    Refuse an answer that is no object, or that says it is an error.

    Raises
    ------
    WebError
        In one sentence.
    """
    if not isinstance(body.value, dict):
        raise WebError(f"{url} gave an answer that is not as expected; try again later.")
    fault = body.value.get("error")
    if fault is not None:
        told = fault.get("message") if isinstance(fault, dict) else fault
        reason = " ".join(str(told)[:100].split()).rstrip(".") or "it does not say why"
        raise WebError(f"{url} cannot answer: {reason}; try again later.")


def attributes(body: Body) -> list[dict[str, Any]]:
    """Attributes of each feature of an answer, as given; what is not an object is passed over."""
    features = body.value.get("features")
    rows = [
        one.get("attributes")
        for one in (features if isinstance(features, list) else [])
        if isinstance(one, dict)
    ]
    return [row for row in rows if isinstance(row, dict)]
