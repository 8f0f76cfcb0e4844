"""Commands that say how good the records are."""

from pathlib import Path
from typing import Annotated

import typer

from hotspots import __version__
from hotspots.analysis.finding_kinds import SEVERITIES
from hotspots.commands.opening import arrivals, opened, said_of
from hotspots.commands.options import Data, Vintage
from hotspots.errors import LibraryError
from hotspots.publish.formats import Stamp, table_csv
from hotspots.study import Dataset
from hotspots.study.quality import area_of, nameable, with_names
from hotspots.study.quality import quality as judge
from hotspots.views import quality_words, wording

Csv = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write .csv as well as the summary.")
]


def whole_stamp(dataset: Dataset) -> Stamp:
    """Stamp of what was made from every record loaded."""
    return Stamp(
        selection="every record loaded",
        link="",
        data=dataset.identity,
        version=__version__,
        note=wording.credit(dataset),
    )


def write_csv(out: Path, data: bytes) -> None:
    """
    Bytes of a table into a file whose ending says what they are.

    Raises
    ------
    LibraryError
        When the ending is another, or the file cannot be written.
    """
    if out.suffix.lower() != ".csv":
        raise LibraryError(f"{out.name}: write to a name ending in .csv.")
    try:
        out.write_bytes(data)
    except OSError as error:
        raise LibraryError(f"{out}: cannot be written ({error.strerror}).") from error


def quality(data: Data = None, vintage: Vintage = None, out: Csv = None) -> None:
    """Say how good the records are, source by source: the same as the Data page."""
    dataset = opened(data, vintage=vintage)
    findings, months = judge(dataset, arrivals(data))
    areas = [area_of(dataset, row) for _, row in nameable(findings).iterrows()]
    findings = with_names(dataset, findings, said_of(data, areas))
    typer.echo(quality_words.headline(findings, months))
    for severity in SEVERITIES:
        chosen = findings.loc[findings["severity"] == severity]
        if len(chosen):
            typer.echo(f"\n{quality_words.SEVERITY[severity]}")
        for _, row in chosen.iterrows():
            found, does, what = quality_words.sentences(row)
            who = f"{quality_words.supplier(row)}, {quality_words.months_of(row)}"
            told = f" Named: {row['named']}." if row["named"] else ""
            typer.echo(f"- {who}: {found} {does} {what}{told}")
    if out is not None:
        write_csv(out, table_csv(quality_words.for_file(findings), whole_stamp(dataset)))
