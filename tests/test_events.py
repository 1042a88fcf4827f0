"""Any past day can be replayed and any future day asked about: properties of the law's clock."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipeline import policy, timetable
from pipeline.calendar import Calendar
from pipeline.events import Act, Event, Stand, State, Verdict, stand
from pipeline.model import Kind, PartyType
from pipeline.timetable import Facts

CALENDAR = Calendar()
SITE_START = date(2020, 1, 1)
FROM, TO = date(2020, 1, 1), date(2030, 12, 31)
days = st.dates(FROM, TO)
verdicts = st.sampled_from(["clear", "held", "withheld"])
policies = st.sampled_from(policy.names())
SHOWN = {State.PUBLIC, State.WITHDRAWN}
facts = st.builds(
    Facts,
    kind=st.sampled_from(list(Kind)),
    party_type=st.sampled_from(list(PartyType)),
    decided_on=st.dates(date(2020, 1, 1), date(2026, 12, 31)),
)
histories = st.lists(
    st.builds(Event, days, st.sampled_from([a for a in Act if a is not Act.PUBLISH])), max_size=8
)


def ask(what: Facts, verdict: Verdict, events: list[Event], name: str, day: date) -> Stand:
    rules = policy.load(name)
    return stand(what, verdict, events, rules, CALENDAR, site_start=SITE_START, day=day)


def ran(what: Facts, verdict: Verdict, events: list[Event], name: str, until: date) -> list[Event]:
    """The history as nightly runs would have written it: what may be shown is published."""
    found: list[Event] = []
    for event in sorted(events, key=lambda e: e.day):
        if event.day > until:
            break
        found.append(event)
        begin = timetable.first_day(
            what, policy.load(name), CALENDAR, site_start=SITE_START, today=event.day
        )
        trial = Event(event.day, Act.PUBLISH, begin)
        # A run publishes only what stands approved without that very act.
        ready = ask(what, verdict, found, name, event.day).state in {State.NOT_YET, *SHOWN}
        shown = ask(what, verdict, [*found, trial], name, event.day).state in SHOWN
        if ready and shown and all(e.act is not Act.PUBLISH for e in found):
            found.append(trial)
    return found


@given(facts, verdicts, histories, policies, days, st.integers(0, 3000))
def test_the_answer_for_a_day_does_not_depend_on_when_one_asks(
    what: Facts, verdict: Verdict, events: list[Event], name: str, day: date, later: int
) -> None:
    """What happens after a day changes nothing in what is said of that day."""
    then = ran(what, verdict, events, name, day)
    afterwards = ran(what, verdict, events, name, day + timedelta(later))
    assert ask(what, verdict, then, name, day) == ask(what, verdict, afterwards, name, day)


@given(facts, verdicts, histories, policies, days)
def test_never_public_before_a_word_nor_outside_the_window(
    what: Facts, verdict: Verdict, events: list[Event], name: str, day: date
) -> None:
    happened = ran(what, verdict, events, name, TO)
    found = ask(what, verdict, happened, name, day)
    known = [event for event in happened if event.day <= day]
    if found.state in SHOWN:
        assert any(event.act is Act.APPROVE for event in known)
        assert verdict != "withheld" or any(event.act is Act.PURGE for event in known)
        last, first = found.publication.last_day, found.publication.first_day
        assert last is None or max(first, what.decided_on) <= day <= last
    if found.state is State.PUBLIC:
        words = [e.act for e in known if e.act in (Act.APPROVE, Act.REFUSE, Act.CHANGE)]
        assert words[-1] is Act.APPROVE
        assert not {Act.WITHDRAW, Act.PURGE} & {event.act for event in known}


@given(facts, verdicts, histories, policies, days, st.integers(0, 3000))
def test_what_is_over_stays_over(
    what: Facts, verdict: Verdict, events: list[Event], name: str, day: date, later: int
) -> None:
    """Past its window never public again; once taken back never more than a notice."""
    happened = ran(what, verdict, events, name, TO)
    then = ask(what, verdict, happened, name, day).state
    after = ask(what, verdict, happened, name, day + timedelta(later)).state
    if then is State.EXPIRED:
        assert after not in SHOWN
    if then is State.WITHDRAWN:
        assert after is not State.PUBLIC
    begun = [e.counted_from for e in happened if e.act is Act.PUBLISH]
    assert len(begun) <= 1
    if begun and begun[0]:
        years = policy.load(name).windows[what.party_type].years or 0
        past = max(timetable.years_after(begun[0], years), day) + timedelta(1)
        assert ask(what, verdict, happened, name, past).state not in SHOWN


@given(facts, verdicts, histories, policies, days, st.sampled_from([Act.REFUSE, Act.WITHDRAW]))
def test_taking_down_never_shows_more(
    what: Facts, verdict: Verdict, events: list[Event], name: str, day: date, act: Act
) -> None:
    """A refusal or a withdrawal added at the end makes nothing public that was not."""
    happened = ran(what, verdict, events, name, day)
    before = ask(what, verdict, happened, name, day).state
    after = ask(what, verdict, [*happened, Event(day, act)], name, day).state
    assert after is not State.PUBLIC
    if before not in SHOWN and act is Act.REFUSE:
        assert after not in SHOWN
