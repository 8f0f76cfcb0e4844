"""Every look at restricted reports leaves a line; open data leaves none."""

from sqlalchemy import select

from hotspots.action.consulting import consulted
from hotspots.action.records import Audit, exist, open_records


def test_open_data_leaves_no_line_and_makes_no_records(tmp_path):
    assert not consulted(tmp_path, ["police.uk"], who="A", how="by command", data="d", why="")
    assert not exist(tmp_path)


def test_a_look_at_a_partner_s_reports_is_noted(tmp_path):
    seen = ["police.uk", "Crewe council"]
    assert consulted(tmp_path, seen, who="PC Green", how="on the pages", data="d", why="A plan")
    with open_records(tmp_path).reading() as session:
        (line,) = session.scalars(select(Audit)).all()
    assert (line.kind, line.who) == ("consultation", "PC Green")
    assert line.why == "A plan"
    assert line.what == "Looked at reports of Crewe council on the pages"
