"""Does every regime say what its own document says, and where each number comes from?"""

import shutil
import tomllib
from pathlib import Path

import msgspec
import pytest

from pipeline import policy
from pipeline.errors import ConfigurationError

REGIMES = ("liaoning", "lingchuan", "mingshan", "shihao", "zhejiang")
EVERY = ("base", *REGIMES)

WORKING, CALENDAR = "working_day", "calendar_day"
SEVEN, TWENTY, THREE = (7, WORKING), (20, WORKING), (3, WORKING)

# Row of the requirements, policy, where in it, what the document fixes.
PERIODS = [
    ("R043", "mingshan", "deadlines.licence", SEVEN),
    ("R043", "mingshan", "deadlines.penalty", SEVEN),
    ("R043", "lingchuan", "deadlines.licence", SEVEN),
    ("R043", "lingchuan", "deadlines.penalty", SEVEN),
    ("R043", "zhejiang", "deadlines.licence", SEVEN),
    ("R043", "zhejiang", "deadlines.penalty", SEVEN),
    ("R044", "shihao", "deadlines.penalty", SEVEN),
    ("R045", "mingshan", "deadlines.coercion", SEVEN),  # the annex, stricter than the plan
    ("R045", "mingshan", "deadlines.inspection", SEVEN),
    ("R045", "mingshan", "deadlines.levy", SEVEN),
    ("R046", "shihao", "deadlines.licence", TWENTY),  # only penalties get seven there
    ("R046", "shihao", "deadlines.coercion", TWENTY),
    ("R046", "shihao", "deadlines.inspection", TWENTY),
    ("R046", "zhejiang", "deadlines.coercion", TWENTY),
    ("R046", "zhejiang", "deadlines.inspection", TWENTY),
    ("R046", "zhejiang", "deadlines.levy", TWENTY),
    ("R047", "mingshan", "clean_spot_check", TWENTY),
    ("R048", "mingshan", "pre_disclosure", TWENTY),
    ("R049", "shihao", "pre_disclosure", TWENTY),
    ("R053", "mingshan", "withdrawal", THREE),
    ("R053", "zhejiang", "withdrawal", THREE),
    ("R054", "shihao", "withdrawal", THREE),
]

# What the documents leave open comes from base, and says so by its source.
FROM_BASE = [
    ("liaoning", "deadlines.penalty", SEVEN),
    ("liaoning", "deadlines.coercion", TWENTY),
    ("lingchuan", "deadlines.inspection", TWENTY),
    ("lingchuan", "withdrawal", THREE),
]

COUNTED_FROM = [
    ("mingshan", "penalty", "decided_on"),
    ("mingshan", "licence", "decided_on"),
    ("mingshan", "inspection", "formed_on"),
    ("shihao", "penalty", "decided_on"),
    ("shihao", "licence", "formed_on"),
    ("lingchuan", "licence", "decided_on"),
    ("zhejiang", "levy", "decided_on"),
]

# R080–R082: the review and its extension. Only 陵川 writes the extension as plain 日.
REVIEWS = [
    ("R080", "mingshan", (7, WORKING, 3, WORKING)),
    ("R081", "shihao", (5, WORKING, 3, WORKING)),
    ("R082", "lingchuan", (7, WORKING, 3, CALENDAR)),
]

ROSTERS = [
    # R004 (seven columns) includes R003 (six).
    ("R004", "mingshan", {"name", "unit", "duty", "certificate", "category", "area", "valid_to"}),
    ("R005", "shihao", {"name", "certificate", "category"}),
]

ANNUAL = [
    ("R137", "mingshan", "01-30", "hand_in"),
    ("R138", "shihao", "01-31", "publish"),
    ("R138", "zhejiang", "01-31", "publish"),
]

# The clashes that a policy must own up to, by a word of their topic.
CLASHES = [
    ("mingshan", "行政强制、行政检查"),  # plan 20 wd, annex 7 wd
    ("mingshan", "从何日起算"),
    ("mingshan", "撤下"),  # "may" and "及时"
    ("mingshan", "个体工商户"),
    ("mingshan", "执法人员公示项目"),
    ("mingshan", "年度执法数据"),
    ("shihao", "行政许可公开期限"),
    ("shihao", "被处罚人姓名"),
    ("shihao", "家庭住址"),
    ("shihao", "公示期限"),
    ("shihao", "投诉举报期限"),
    ("lingchuan", "法制审核延长期限"),
    ("lingchuan", "全部公开"),
    ("lingchuan", "公示期限"),
    ("zhejiang", "撤下"),
    ("zhejiang", "辅助人员"),
    ("zhejiang", "公示期限"),
    ("liaoning", "公示期限"),
    ("liaoning", "投诉举报期限"),
]


def reach(name: str, path: str):
    """The part of a policy that a dotted path names."""
    part = policy.load(name)
    for key in path.split("."):
        part = part[key] if isinstance(part, dict) else getattr(part, key)
    return part


def numbers(part, owner=None):
    """Every number of a policy, with the struct that holds it."""
    if isinstance(part, bool):
        return
    if isinstance(part, int):
        yield owner
    elif isinstance(part, msgspec.Struct):
        for field in part.__struct_fields__:
            yield from numbers(getattr(part, field), part)
    elif isinstance(part, dict):
        for value in part.values():
            yield from numbers(value, owner)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from numbers(value, owner)


def sources(table: dict):
    """Every source that a policy file writes."""
    for key, value in table.items():
        if key == "source":
            yield value
        elif isinstance(value, dict):
            yield from sources(value)


def test_the_regimes_of_the_five_documents_exist():
    assert policy.names() == tuple(sorted(EVERY))


@pytest.mark.parametrize("name", EVERY)
def test_loads_with_a_source_for_every_number(name):
    holders = list(numbers(policy.load(name)))
    assert holders
    assert all(isinstance(holder, policy.Sourced) and holder.source for holder in holders)


@pytest.mark.parametrize(("row", "name", "path", "expected"), PERIODS)
def test_periods_of_the_documents(row, name, path, expected):
    period = reach(name, path)
    assert (period.days, period.unit) == expected, row
    assert period.source != reach("base", path).source, row


@pytest.mark.parametrize(("name", "path", "expected"), FROM_BASE)
def test_what_a_document_leaves_open_comes_from_base(name, path, expected):
    period = reach(name, path)
    assert (period.days, period.unit) == expected
    assert period == reach("base", path)


@pytest.mark.parametrize(("name", "kind", "start"), COUNTED_FROM)
def test_the_clock_starts_where_the_document_says(name, kind, start):
    assert reach(name, f"deadlines.{kind}").counted_from == start


@pytest.mark.parametrize("name", EVERY)
def test_windows_are_five_and_two_years(name):
    windows = policy.load(name).windows
    assert {kind: window.years for kind, window in windows.items()} == {
        "organisation": 5,
        "person": 2,
        "sole_trader": 5,
    }


@pytest.mark.parametrize("name", EVERY)
def test_only_mingshan_has_a_window_of_its_own(name):
    # R051, R052: article 29. Elsewhere the site set it, and the page must not say otherwise.
    for window in policy.load(name).windows.values():
        assert ("第二十九条" in window.source) == (name == "mingshan")
        assert ("本站统一公示期限" in window.source) == (name != "mingshan")


@pytest.mark.parametrize(("row", "name", "expected"), REVIEWS)
def test_legal_review(row, name, expected):
    review = policy.load(name).legal_review
    found = (review.days, review.unit, review.extension_days, review.extension_unit)
    assert found == expected, row


@pytest.mark.parametrize(("name", "approver"), [("liaoning", "本机关"), ("shihao", "镇主要负责人")])
def test_complaints(name, approver):
    # R129, R130: five working days; 30 and 20 calendar days.
    limits = policy.load(name).complaint
    assert limits.accept_working_days == 5
    assert (limits.close_calendar_days, limits.extension_calendar_days) == (30, 20)
    assert approver in limits.extension_approved_by
    assert "投诉举报制度" in limits.source


@pytest.mark.parametrize(("row", "name", "fields"), ROSTERS)
def test_rosters(row, name, fields):
    assert set(policy.load(name).roster.fields) == fields, row


def test_zhejiang_publishes_auxiliaries():
    # R006: the plan names 执法辅助人员 and no list of columns.
    roster = policy.load("zhejiang").roster
    assert "staff" in roster.fields
    assert "执法辅助人员" in roster.source
    assert all(
        "staff" not in policy.load(name).roster.fields for name in EVERY if name != "zhejiang"
    )


@pytest.mark.parametrize(("row", "name", "day", "act"), ANNUAL)
def test_annual_reports(row, name, day, act):
    report = policy.load(name).annual_report
    assert (report.day, report.act) == (day, act), row


@pytest.mark.parametrize("name", EVERY)
def test_an_own_ground_never_looks_for_less_than_base(name):
    # A table with its own source replaces base's whole: a forgotten phrase would publish.
    own = policy.load(name).withheld
    for key, ground in policy.load("base").withheld.items():
        assert set(ground.phrases) <= set(own[key].phrases), key
        assert set(ground.fields) <= set(own[key].fields), key
        assert (ground.under_age or 0) <= (own[key].under_age or 0), key


@pytest.mark.parametrize("name", EVERY)
def test_only_trade_secrets_and_privacy_can_be_lifted(name):
    # R066, and 政府信息公开条例第十四条: a state secret has no exception.
    lifted = {key for key, ground in policy.load(name).withheld.items() if ground.lifted_by}
    assert lifted == {"trade_secret", "privacy"}


def test_shihao_keeps_its_hotline_and_postcode():
    assert policy.load("shihao").keep["contact"].values == ("023-48740007", "401024")  # R128


@pytest.mark.parametrize("name", REGIMES)
def test_every_clash_says_what_against_what_and_why(name):
    clashes = policy.load(name).clashes
    topics = [clash.topic for clash in clashes]
    assert len(topics) == len(set(topics))
    for clash in clashes:
        assert clash.topic
        assert clash.chosen != clash.instead_of
        assert clash.chosen
        assert clash.instead_of
        assert len(clash.why) > 10


@pytest.mark.parametrize(("name", "topic"), CLASHES)
def test_known_clashes_are_owned_up_to(name, topic):
    assert any(topic in clash.topic for clash in policy.load(name).clashes)


@pytest.mark.parametrize("name", EVERY)
def test_examples_cover_deadlines_and_windows(name):
    examples = policy.load(name).examples
    assert len({example.title for example in examples}) == len(examples)
    assert any(example.due for example in examples)
    assert {example.public for example in examples} >= {True, False}


@pytest.mark.parametrize("name", REGIMES)
def test_own_sources_name_the_own_document(name):
    # A borrowed rule belongs to base: a regime cites its own document.
    own = tomllib.loads((policy.DIRECTORY / f"{name}.toml").read_text(encoding="utf-8"))
    places = dict(zip(REGIMES, ("辽宁", "陵川", "明山", "石壕", "浙江"), strict=True))
    for source in sources(own):
        assert places[name] in source


def test_an_unknown_name_lists_the_valid_ones():
    with pytest.raises(ConfigurationError, match="没有名为“beijing”的政策") as caught:
        policy.load("beijing")
    assert all(name in str(caught.value) for name in EVERY)


@pytest.mark.parametrize("name", ["", "../policies/base", "base.toml"])
def test_a_path_is_not_a_name(name):
    with pytest.raises(ConfigurationError, match="没有名为"):
        policy.load(name)


# What a careless editor might write, and a part of the sentence that comes back.
BROKEN = [
    ("[deadlines.penalty]\ndays = 9\nunit = 'working_day'", "penalty.*source"),
    ("[deadlines.penalty]\ndays = 9", "source"),
    ("[roster]\nfields = ['name']", "roster.*source"),
    ("colour = 'red'", "colour"),
    ("[legal_review]\ndays = 5\nextension_days = 3\nsource = '某制度第一条'\nhours = 2", "hours"),
    ("[deadlines.penalty]\ndays = 0\nunit = 'working_day'\nsource = '某制度第一条'", "days"),
    ("[deadlines.penalty]\ndays = 7\nunit = 'week'\nsource = '某制度第一条'", "unit"),
    ("[deadlines.parking]\ndays = 7\nunit = 'working_day'\nsource = '某制度第一条'", "parking"),
    ("[[clashes]]\ntopic = '期限'\nchosen = '7日'\ninstead_of = '20日'", "why"),
    ("[deadlines.penalty\ndays = 7", "broken.toml：第3行第19列不是有效的 TOML"),
]


@pytest.fixture
def load_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Load a regime made of the given text, over the real base."""
    shutil.copy(policy.DIRECTORY / "base.toml", tmp_path)
    monkeypatch.setattr(policy, "DIRECTORY", tmp_path)
    head = "title = '试'\ndocument = '试'\n"

    def load(text: str) -> policy.Policy:
        (tmp_path / "broken.toml").write_text(head + text, encoding="utf-8")
        return policy.load.__wrapped__("broken")

    return load


@pytest.mark.parametrize(("text", "said"), BROKEN)
def test_a_broken_policy_is_refused_with_a_sentence(load_broken, text, said):
    with pytest.raises(ConfigurationError, match=said):
        load_broken(text)


def test_a_regime_that_fixes_nothing_is_base(load_broken):
    assert load_broken("").deadlines == policy.load("base").deadlines
    assert load_broken("").examples == ()


@pytest.mark.parametrize(
    ("name", "result", "clean"),
    [
        ("2026年度“双随机、一公开”抽查", "未发现问题", True),
        ("随机抽查", "未发现问题。", True),
        ("2026年度“双随机、一公开”抽查", "发现问题已责令改正", False),
        ("2026年度“双随机、一公开”抽查", "未发现问题，但责令补正档案", False),
        ("2026年度“双随机、一公开”抽查", "", False),
        ("投诉线索检查", "未发现问题", False),
        ("", "未发现问题", False),
    ],
)
def test_a_clean_spot_check_is_known_by_its_name_and_its_result(name, result, clean):
    assert all(policy.load(regime).spot_check.is_clean(name, result) is clean for regime in EVERY)
