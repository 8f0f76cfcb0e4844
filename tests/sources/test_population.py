from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotspots.errors import HotspotsError, SourceError
from hotspots.sources import population
from tests.sources.written import save

ROWS = "E05000001,Acton,100,3\nE05000002,Bunbury,250,4\n"


def written(folder, text, name="people.csv"):
    return save(folder, text.encode(), name)


def refused(path, **options):
    with pytest.raises(SourceError) as caught:
        population.read(path, **options)
    said = str(caught.value)
    assert said.endswith(".")
    assert "\n" not in said
    return said


@pytest.mark.parametrize(
    "header",
    [
        "WD25CD,WD25NM,residents,lsoas",
        "ward24_code,ward24_name,residents_2021,lsoas",
        "ward_code,ward_name,total_residents,lsoas",
        "wd21cd,name,Population,lsoas",
        "Electoral wards and divisions Code,Electoral wards and divisions,Observation,rank",
        "mnemonic,2022 ward,Total,rank",
        "Ward code,Ward,All usual residents,rank",
    ],
)
@pytest.mark.parametrize("name", ["people.csv", "people.csv.gz"])
def test_columns_are_found_by_their_names(tmp_path, header, name):
    series, report = population.read_with_report(written(tmp_path, f"{header}\n{ROWS}", name))
    assert series.to_dict() == {"E05000001": 100.0, "E05000002": 250.0}
    assert series.index.name == "code"
    assert report.rows == 2
    assert header.split(",")[2] in report.notes[0]


def test_the_only_column_of_numbers_is_taken(tmp_path):
    path = written(tmp_path, "a,b\nW05000001,12\nW05000002,13\n")
    assert population.read(path).sum() == 25


def test_titles_and_remarks_round_the_table(tmp_path):
    text = (
        '"TS001 - Number of usual residents in households"\n'
        '"ONS Crown Copyright Reserved, from 1 May 2025"\n\n'
        "Population,All usual residents\n\n"
        "2022 ward,mnemonic,2021\n"
        'Acton,E05000001,"1,100"\n'
        "Bunbury,E05000002,250\n\n"
        '"In order to protect against disclosure, records have been swapped."\n'
    )
    assert population.read(written(tmp_path, text)).to_dict() == {
        "E05000001": 1100.0,
        "E05000002": 250.0,
    }


def test_several_columns_that_fit_are_asked_about(tmp_path):
    text = "ward_code,residents_2011,residents_2021\nE05000001,90,100\nE05000002,240,250\n"
    path = written(tmp_path, text)
    said = refused(path)
    assert "“residents_2011”, “residents_2021”" in said
    assert "--column" in said
    assert population.read(path, column="residents_2021").sum() == 350
    assert "no column “x”" in refused(path, column="x")


def test_of_several_codes_the_latest_is_taken(tmp_path):
    text = "WD21CD,WD24CD,residents\nE05000001,E05000011,1\nE05000002,E05000012,2\n"
    assert population.read(written(tmp_path, text)).index.to_list() == ["E05000011", "E05000012"]


def test_rows_of_no_use_are_left_out_and_said(tmp_path):
    text = f"ward_code,name,residents\n{ROWS.replace(',3', '').replace(',4', '')}"
    text += "total,All,350\nE05000003,Crewe,c\nE05000004,Dodleston,-5\n"
    series, report = population.read_with_report(written(tmp_path, text))
    assert len(series) == 2
    assert [found.rows for found in report.left_out.values()] == [1, 2]
    assert next(iter(report.left_out.values())).examples == ("people.csv, row 4",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("ward_code,residents\n", "no column of ward codes"),
        ("a\n1\n", "no columns"),
        ("name,residents\nActon,1\n", "no column of ward codes"),
        ("ward_code,name\nE05000001,Acton\n", "no column of numbers"),
        ("ward_code,age,residents\nE05000001,1,5\nE05000001,2,6\n", "several rows for 1 ward"),
        ("lsoa21_code,residents\nE01000001,5\n", "no column of ward codes"),
        ("<html>", "web page"),
        ("ward_code,residents\nE05000001,x\nE05000002,y\n", "no column of numbers"),
    ],
)
def test_tables_that_cannot_be_used(tmp_path, text, said):
    assert said in refused(written(tmp_path, text))


def test_nothing_there(tmp_path):
    assert "There is no file or folder" in refused(tmp_path / "nowhere.csv")
    assert refused(tmp_path)


def test_a_heading_of_two_lines_is_told_in_one(tmp_path):
    assert "its columns: a b" in refused(written(tmp_path, '"a\nb",residents\n1,2\n'))


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 90),
            st.integers(0, 9),
            st.sampled_from([",", '"', "\n", "\0", "E05", "é", ";", "1e9", "x" * 99]),
        ),
        max_size=6,
    )
)
def test_no_text_breaks_the_reader(tmp_path, edits):
    text = f"ward_code,name,residents,lsoas\n{ROWS}"
    for place, gone, new in edits:
        text = text[:place] + new + text[place + gone :]
    path = written(tmp_path, text)
    with suppress(HotspotsError):
        assert population.read(path).index.is_unique
