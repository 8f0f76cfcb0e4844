"""The journal on the Data page: read, undone in somebody's name, refused in a sentence."""

from hotspots.library import Library, import_police_uk
from tests.app.test_dashboard import empty_library, opened, words
from tests.sources.written import month_csv, save

__all__ = ["empty_library"]


def imported(folder, rows):
    save(folder / str(rows), month_csv("2025-01", rows), "2025-01-cheshire-street.csv")
    import_police_uk([folder / str(rows)], Library(folder))


def field(app, label):
    return next(box for box in app.text_input if box.label == label)


def press(app, label):
    return next(one for one in app.button if one.label == label).click().run()


def test_before_anything_is_imported_it_says_so():
    assert "No change of the data has been noted here yet" in words(opened("data"))


def test_an_import_is_undone_in_a_name(empty_library):
    imported(empty_library, 6)
    imported(empty_library, 8)
    app = opened("data")
    assert not app.exception
    field(app, "Why it is undone").set_value("wrong file")
    next(box for box in app.text_input if box.key == "undo-who").set_value("PC Green")
    app = press(app, "Undo it")
    assert not app.exception
    assert "Change 2" in " ".join(one.value for one in app.success)
    newest = Library(empty_library).journal()[0]
    assert (newest.who, newest.about.why, newest.about.undoes) == ("PC Green", "wrong file", 2)
    assert Library(empty_library).catalogue()["rows"].tolist() == [6]


def test_without_a_reason_nothing_is_undone(empty_library):
    imported(empty_library, 6)
    app = press(opened("data"), "Undo it")
    assert "Say why" in app.error[0].value
    assert len(Library(empty_library).journal()) == 1


def test_purging_asks_to_be_sure(empty_library):
    imported(empty_library, 6)
    app = opened("data")
    field(app, "Delete reports from before").set_value("2026-01")
    field(app, "The rule or reason").set_value("our rule")
    app = press(app, "Delete them for good")
    assert len(Library(empty_library).catalogue()) == 1
    app.checkbox[-1].check()
    app = press(app, "Delete them for good")
    assert not app.exception
    assert Library(empty_library).catalogue().empty
