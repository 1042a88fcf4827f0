"""Complaints: who is called, by when an answer comes, and what stays with the visitor."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import policy
from pipeline.calendar import Calendar
from pipeline.public.pages import complaint
from pipeline.public.pages.vcard import short, vcard
from tests.rendering import ROOT, TODAY, demo, rendered

SLUGS = tuple(demo().folders)
RULES = policy.load("shihao").complaint


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return rendered(complaint.pages(demo(), TODAY))


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {file.path: file.body for file in complaint.files(demo(), TODAY)}


@pytest.mark.parametrize(
    ("received", "accept", "close", "extended"),
    [
        # A week, then 30 days; the 20 more end on a Sunday and move to Monday.
        ("2026-03-02", "2026-03-09", "2026-04-08", "2026-04-28"),
        ("2026-09-28", "2026-10-10", "2026-11-09", "2026-11-30"),  # over the National Day
        ("2026-11-20", "2026-11-27", "2026-12-28", "2027-01-18"),
    ],
)
def test_the_last_days_of_a_complaint(received, accept, close, extended):
    found = complaint.limits(date.fromisoformat(received), RULES, Calendar())
    assert [day.date.isoformat() for day in found[1:]] == [accept, close, extended]
    assert found.extended.provisional == extended.startswith("2027")
    assert not found.close.provisional


@given(st.dates(date(2024, 1, 1), date(2026, 9, 1)))
def test_an_answer_never_falls_on_a_day_of_rest(received):
    calendar = Calendar()
    found = complaint.limits(received, RULES, calendar)
    for day in (found.accept.date, found.close.date, found.extended.date):
        assert calendar.is_workday(day)
    assert received < found.accept.date < found.close.date < found.extended.date
    assert found.close.date - found.accept.date >= timedelta(days=30)
    assert found.extended.date - found.accept.date >= timedelta(days=50)


@given(st.dates(date(2025, 1, 1), date(2026, 12, 31)))
def test_the_browsers_calendar_is_the_sites(day):
    known = complaint.workdays(Calendar(), TODAY)
    year = known[str(day.year)]
    worked = day.weekday() < 5
    if day.isoformat() in year["off"] or day.isoformat() in year["on"]:
        worked = not worked
    assert worked == Calendar().is_workday(day)


def test_a_year_nobody_knows_is_left_out():
    assert set(complaint.workdays(Calendar(), TODAY)) == {"2025", "2026"}


@pytest.mark.parametrize("slug", SLUGS)
def test_a_complaint_page_says_all_the_rules_ask(pages, slug):
    agency, rules = demo().folders[slug].agency, demo().folders[slug].policy.complaint
    page, contact = pages[f"agencies/{slug}/complaint/"], agency.contact
    for text in (contact.hotline, contact.address, contact.postcode, contact.hours, contact.unit):
        assert text in page  # R025, R128
    assert f'href="tel:{contact.hotline}"' in page
    for text in ("投诉举报", "保密", "依据", rules.source):
        assert text in page
    assert f"{rules.accept_working_days}个工作日" in page
    assert "2026年11月27日" in page  # for the day of the page's making, without a script
    assert "日期暂定" in page  # 2027 is not known
    assert 'href="contact.vcf"' in page
    assert '<svg role="img"' in page


def test_two_hotlines_are_told_apart(pages):
    # R136: the town has another number for what the public does wrong.
    contact = demo().folders["shihao"].agency.contact
    page = pages["agencies/shihao/complaint/"]
    assert contact.enforcement_report_line != contact.hotline
    assert "与投诉执法人员的电话分开" in page


def test_the_portal_names_every_hotline(pages):
    for folder in demo().folders.values():
        assert f'href="tel:{folder.agency.contact.hotline}"' in pages["complaint/"]


@pytest.mark.parametrize("slug", SLUGS)
def test_the_form_asks_for_what_is_registered_and_sends_nothing(pages, slug):
    page = pages[f"agencies/{slug}/complaint/form/"]
    main = page[page.index("<main") : page.index("</main>")]
    for label in ("姓名或者名称", "联系方式", "对象", "事情经过", "请求"):  # R133
        assert label in main
    assert "<form" not in main  # nothing to submit, so nothing is sent
    assert 'name="' not in main
    labelled = re.findall(r'<label for="(\w+)">', main)
    assert labelled == re.findall(r'<(?:input|textarea) id="(\w+)"', main)


def test_no_script_of_these_pages_sends_anything():
    for name in ("complaint-days", "complaint-form", "officer-check", "listing", "working-days"):
        text = (ROOT / "theme" / "static" / "js" / f"{name}.js").read_text(encoding="utf-8")
        for way in (
            "XMLHttpRequest",
            "sendBeacon",
            "method:",
            "localStorage",
            "cookie",
            "search =",
        ):
            assert way not in text, name


@pytest.mark.parametrize("slug", SLUGS)
def test_the_vcard_is_one_that_phones_read(files, slug):
    agency, body = demo().folders[slug].agency, files[f"agencies/{slug}/complaint/contact.vcf"]
    assert body == vcard(agency)
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    lines = body.replace(b"\r\n ", b"").decode().split("\r\n")
    assert lines[:2] == ["BEGIN:VCARD", "VERSION:3.0"]
    assert lines[-2:] == ["END:VCARD", ""]
    assert f"TEL;TYPE=WORK,VOICE,PREF:{agency.contact.hotline}" in lines
    assert f"ADR;TYPE=WORK:;;{agency.contact.address};;;{agency.contact.postcode};中国" in lines
    assert agency.contact.hotline in short(agency)


def test_the_calendar_file_is_small(files):
    assert len(files["complaint/calendar.json"]) < 2000
    assert set(json.loads(files["complaint/calendar.json"])) == {"2025", "2026"}
