"""Partners' files on the Data page: looked at, corrected, read; a choice of sources after that."""

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from hotspots.action import reviews, roles
from hotspots.action.records import open_records
from hotspots.action.records.audit import newest
from hotspots.library import Library, import_agency
from hotspots.library.mappings import mapping_of
from hotspots.settings import MODEL_FILES
from hotspots.sources import agencies
from hotspots.sources.agency_mapping import Mapping
from tests.app.test_dashboard import empty_library, opened, words

__all__ = ["empty_library"]


def button(app, label):
    return next(one for one in app.button if one.label == label)


def page(path, words=""):
    """The box, with one file dropped into it, and a table of words that was brought back."""
    import hashlib
    import io
    from pathlib import Path
    from unittest import mock

    from hotspots.app import agency_import, importing

    class File:
        def __init__(self, path):
            self.file_id = hashlib.sha256(path.encode()).hexdigest()
            self.name = Path(path).name
            stream = io.BytesIO(Path(path).read_bytes())
            self.seek, self.read = stream.seek, stream.read

    def dropped(*_, key=None, **__):
        return [File(path)] if key and key.startswith("partner files") else []

    def brought(*_, **__):
        return File(words) if words else None

    importing.said()
    with (
        mock.patch("streamlit.file_uploader", dropped),
        mock.patch("streamlit.delta_generator.DeltaGenerator.file_uploader", brought),
    ):
        agency_import.box()


def box(app, label):
    return next(one for one in (*app.text_input, *app.selectbox, *app.toggle) if one.label == label)


@pytest.mark.parametrize(
    "name", ["force_system", "council", "housing_association", "community_group"]
)
def test_every_model_file_is_read_as_guessed(name, empty_library):
    path = MODEL_FILES / f"{name}.csv"
    app = AppTest.from_function(page, args=(str(path),), default_timeout=60).run()
    assert not app.exception
    box(app, "Who recorded these reports").set_value("Partner <b>X</b>")
    next(one for one in app.button if one.label == "Import").click()
    app.run()
    assert not app.exception
    assert not app.error
    said = " ".join(one.value for one in app.success)
    assert "Read 1 file" in said
    assert "<b>" not in said.replace("\\<b>", "").replace("&lt;b>", "")
    assert len(Library(empty_library).catalogue()) == 3
    assert mapping_of(empty_library, "Partner <b>X</b>").columns["begins"]


def test_a_column_corrected_by_hand_is_the_one_that_is_read(empty_library, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text("Logged on,Seen,Kind\n03/01/2025,05/02/2025,Noise\n")
    app = AppTest.from_function(page, args=(str(path),), default_timeout=60).run()
    box(app, "When it was, or when it began").set_value("Seen")
    box(app, "Who recorded these reports").set_value("Group")
    next(one for one in app.button if one.label == "Import").click()
    app.run()
    assert not app.exception
    assert Library(empty_library).catalogue()["month"].astype(str).tolist() == ["2025-02"]


def test_who_brought_a_partners_file_in_is_who_signed_and_not_the_machines_user(empty_library):
    path = str(MODEL_FILES / "council.csv")
    app = AppTest.from_function(page, args=(path,), default_timeout=60)
    app.session_state["name of the person"] = "A. Green"
    app = app.run()
    box(app, "Who recorded these reports").set_value("Council")
    button(app, "Import").click().run()
    (entry,) = Library(empty_library).journal()
    assert (entry.who, entry.about.files[0][0]) == ("A. Green", "council.csv")


def test_without_a_name_nothing_is_imported_and_it_is_said(empty_library):
    app = AppTest.from_function(
        page, args=(str(MODEL_FILES / "council.csv"),), default_timeout=60
    ).run()
    next(one for one in app.button if one.label == "Import").click()
    app.run()
    assert "Name the source" in app.error[0].value
    assert Library(empty_library).catalogue().empty


def coded(folder, words):
    """A file whose qualifier is one of many codes."""
    path = folder / "coded.csv"
    lines = [f"{1 + n % 28:02d}/01/2025,{word},Noise" for n, word in enumerate(words)]
    path.write_text("\n".join(["Date,Qualifier,Kind", *lines]) + "\n")
    return str(path)


def imported(app, source):
    box(app, "Who recorded these reports").set_value(source)
    app = button(app, "Import").click().run()
    assert not app.exception
    return app


def workbook(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return str(path)


def test_another_sheet_of_a_workbook_is_chosen_and_kept_for_the_next_month(empty_library, tmp_path):
    january = [["Ref", "Date", "Post Code", "Type"], ["1", "03/01/2025", "CW1 2AB", "Noise"]]
    june = [["When", "Kind"], ["05/06/2025", "Litter"], ["06/06/2025", "Litter"]]
    path = workbook(tmp_path / "year.xlsx", January=january, June=june)
    app = AppTest.from_function(page, args=(path,), default_timeout=60).run()
    assert list(app.dataframe[0].value.columns) == january[0]
    app = box(app, "Sheet").set_value("June").run()
    assert not app.exception
    assert list(app.dataframe[0].value.columns) == june[0]
    imported(app, "Council")
    assert Library(empty_library).catalogue()["month"].astype(str).tolist() == ["2025-06"]
    assert mapping_of(empty_library, "Council").sheet == "June"
    app = AppTest.from_function(page, args=(path,), default_timeout=60).run()
    app = box(app, "Read it like").set_value("Council").run()
    assert list(app.dataframe[0].value.columns) == june[0]
    assert box(app, "Sheet").value == "June"
    path = workbook(tmp_path / "next.xlsx", July=june, Notes=[["Read me"]])
    app = AppTest.from_function(page, args=(path,), default_timeout=60).run()
    app = box(app, "Read it like").set_value("Council").run()
    assert box(app, "Sheet").value == "", "the sheet of last month is not in this workbook"
    button(app, "Import").click().run()
    assert mapping_of(empty_library, "Council").sheet == ""


def test_of_a_few_words_each_has_a_box_and_keeps_what_is_said(empty_library, tmp_path):
    path = coded(tmp_path, ["P1", "P1", "Nuisance"])
    app = AppTest.from_function(page, args=(path,), default_timeout=60).run()
    next(one for one in app.selectbox if "P1" in one.label).set_value("personal")
    imported(app, "Council")
    assert mapping_of(empty_library, "Council").words == {"qualifier": {"P1": "personal"}}
    held = Library(empty_library).incidents()["qualifier"].astype("str")
    assert sorted(held) == ["nuisance", "personal", "personal"]


def test_of_many_words_a_table_is_taken_away_filled_in_and_brought_back(empty_library, tmp_path):
    words = [f"Q{n:03d}" for n in range(120)] + ["=Q1", "Nuisance"]
    path = coded(tmp_path, words)
    app = AppTest.from_function(page, args=(path,), default_timeout=60).run()
    assert not app.exception
    shown = next(one.value for one in app.dataframe if "Their word" in one.value)
    assert len(shown) == len(words)
    assert set(shown["Means"][shown["Their word"] != "Nuisance"]) == {"Says nothing"}
    filled = tmp_path / "words.csv"
    meant = {"q007": "Personal", "Q119": "environmental", "'=Q1": "nuisance", "Nuisance": ""}
    lines = [f"{word},1,{ours}" for word, ours in [*meant.items(), ("elsewhere", "personal")]]
    filled.write_text("\ufeff" + "\n".join(["Their word,Rows,Means", *lines]) + "\n")
    app = AppTest.from_function(page, args=(path, str(filled)), default_timeout=60).run()
    assert "what 4 words mean. 1 other stands in none" in " ".join(one.value for one in app.caption)
    imported(app, "Council")
    kept = {"Q007": "personal", "Q119": "environmental", "=Q1": "nuisance", "Nuisance": ""}
    assert mapping_of(empty_library, "Council").words == {"qualifier": kept}
    held = Library(empty_library).incidents()["qualifier"].value_counts().to_dict()
    assert held == {"personal": 1, "environmental": 1, "nuisance": 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Word,Means\nQ001,personal\n", "no columns “Their word” and “Means”"),
        ("Their word,Means\nQ001,noisy\n", "row 2: “noisy” is none of: personal"),
    ],
)
def test_a_table_of_words_that_is_none_is_refused_in_a_sentence(
    empty_library, tmp_path, text, said
):
    path = coded(tmp_path, [f"Q{n:03d}" for n in range(120)])
    (tmp_path / "words.csv").write_text(text)
    args = (path, str(tmp_path / "words.csv"))
    app = AppTest.from_function(page, args=args, default_timeout=60).run()
    assert not app.exception
    assert said in app.error[0].value.replace("\\", "")
    assert Library(empty_library).catalogue().empty


def test_sources_are_asked_for_only_where_there_are_two(empty_library):
    labels = [one.label for one in opened().multiselect]
    assert "Whose reports" not in labels
    for name in ("council", "force_system"):
        path = MODEL_FILES / f"{name}.csv"
        mapping = agencies.replace(agencies.preview(path)[1], source=name)
        import_agency([path], Library(empty_library), mapping=mapping)
    app = opened(sources="council", about="environmental")
    assert not app.exception
    chosen = {one.label: one.value for one in app.multiselect}
    assert chosen["Whose reports"] == ["council"]
    assert chosen["Reports about"] == ["environmental"]
    assert "council, environmental only, " in words(app)


# ---- free text, where a mapping keeps it

LINES = [
    f"0{1 + n % 9}/0{1 + n % 3}/2025 21:0{n % 10},37105{n % 10},354775,{'Noise' if n % 2 else ''},"
    f"{'He made <b>threats</b> ' if n % 5 == 0 else 'Loud music '}{n}"
    for n in range(60)
]


@pytest.fixture
def in_words(empty_library, tmp_path):
    path = tmp_path / "words.csv"
    path.write_text("\n".join(["When,Easting,Northing,Kind,Notes", *LINES]) + "\n")
    columns = {
        "begins": "When", "east": "Easting", "north": "Northing", "kind": "Kind", "text": "Notes",
    }  # fmt: skip
    mapping = Mapping(source="Council", columns=columns, keep_text=True)
    import_agency([path], Library(empty_library), mapping=mapping)
    return empty_library


def readings(folder):
    with open_records(folder).reading() as session:
        return [line.what for line in newest(session) if "in free text" in line.what]


def test_words_fire_on_free_text_which_is_shown_alone_and_every_reading_noted(in_words):
    app = opened("data")
    assert not app.exception
    assert "The words fire on 12 of 60 records" in words(app)
    assert "threats" not in words(app)
    assert len(readings(in_words)) == 1
    next(one for one in app.select_slider if one.label == "Records to draw").set_value(10)
    app = button(app, "Draw a new sample").click().run()
    assert not app.exception
    assert "In words" in words(app)
    assert "<b>" not in words(app).replace("\\<b>", "").replace("&lt;b>", "")
    assert len(readings(in_words)) == 2
    assert "of record" in readings(in_words)[0] + readings(in_words)[1]
    for said in ("yes", "no") * 5:
        next(one for one in app.radio if one.label == "Your answer").set_value(said)
        app = button(app, "Next").click().run()
    assert not app.exception
    assert len(readings(in_words)) == 11
    drawn = reviews.items(open_records(in_words))
    assert set(drawn.loc[drawn["fired"], "words"]) == {"threats"}
    assert len(app.get("vega_lite_chart")) == 1
    shown = " ".join(str(one.value) for one in app.get("table"))
    assert "Yes, of all records" in shown


def test_whoever_may_not_read_free_text_gets_the_kinds_alone(in_words, monkeypatch):
    may = roles.may
    monkeypatch.setattr(
        roles, "may", lambda person, action: action != "read text" and may(person, action)
    )
    app = opened("data")
    assert not app.exception
    assert "The words fire on 0 of 60 records" in words(app)
    assert not readings(in_words)


def test_free_text_is_in_no_table_that_others_read(in_words):
    held = Library(in_words).incidents()
    assert (
        not held.astype("str")
        .apply(lambda column: column.str.contains("music|threats"))
        .any(axis=None)
    )
    assert Library(in_words).with_text() == ("Council",)
    assert Library(in_words).free_text("Council")["text"].str.contains("threats").sum() == 12
