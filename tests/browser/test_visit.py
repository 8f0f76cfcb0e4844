"""A visit logged with a thumb: phone width, big targets, few taps, one form sent once."""

import time

import pytest
from playwright.sync_api import expect

PHONE = {"width": 390, "height": 844}
# Apple's and Google's guidance for a target of a thumb, CSS pixels.
THUMB_PX = 44


@pytest.fixture
def page(watch, dashboard):
    watched = watch(dashboard, has_touch=True)
    watched.page.set_viewport_size(PHONE)
    watched.open("/visit")
    watched.page.get_by_text("Log a visit").wait_for(timeout=60_000)
    watched.settle()
    yield watched
    assert watched.foreign == [], "a request left the machine"
    assert watched.complaints == [], "the console is not clean"


def test_a_visit_is_logged_in_a_few_taps_at_phone_width(page):
    phone = page.page
    button = phone.get_by_role("button", name="15 minutes, just now")
    officers = phone.get_by_role("radiogroup", name="Officers")
    for target in (button, officers.get_by_role("radio", name="2")):
        assert target.bounding_box()["height"] >= THUMB_PX
    assert button.bounding_box()["y"] < PHONE["height"], "the button is on the first screen"
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    began = time.monotonic()
    phone.get_by_role("textbox", name="Your name or number").first.fill("PC Green")
    officers.get_by_role("radio", name="2").tap()
    button.tap()
    phone.get_by_text("Logged:").wait_for()
    assert time.monotonic() - began < 10
    button.tap()
    phone.get_by_text("a second tap counts once").wait_for()
    assert phone.locator("h1").inner_text() == "This week: 1 visit to 1 area, 0.5 officer-hours."
    assert page.axe() == []


def test_two_browsers_put_one_visit_right_and_the_second_is_told(page, watch, dashboard):
    phone = page.page
    phone.get_by_role("textbox", name="Your name or number").first.fill("PC Green")
    phone.get_by_role("button", name="15 minutes, just now").tap()
    phone.get_by_text("Logged:").wait_for()
    page.settle()
    # Both come anew to the visit that was logged last.
    page.open("/visit")
    phone.get_by_text("Log a visit").wait_for(timeout=60_000)
    page.settle()
    other = watch(dashboard).open("/visit")
    other.page.get_by_text("Log a visit").wait_for(timeout=60_000)
    other.settle()

    def put_right(watched, seen, who):
        there = watched.page
        form = there.get_by_test_id("stForm").filter(has_text="Why it is changed")
        if not form.is_visible():
            there.get_by_text("Put a visit right").click()
        form.get_by_label("What was seen").fill(seen)
        form.get_by_label("Why it is changed").fill("I was there")
        form.get_by_label("Your name or number").fill(who)
        form.get_by_role("button", name="Save the change").click()

    # Both have the form before either saves.
    other.page.get_by_text("Put a visit right").click()
    other.page.get_by_label("Why it is changed").wait_for()
    put_right(page, "Two cars racing", "PC Green")
    phone.get_by_text("Saved; what it said before").wait_for()
    put_right(other, "Nobody", "PC Blue")
    other.page.get_by_text("Somebody else changed").wait_for()
    other.settle()
    form = other.page.get_by_test_id("stForm").filter(has_text="Why it is changed")
    expect(form.get_by_label("What was seen")).to_have_value("Two cars racing")
    assert other.complaints == []
