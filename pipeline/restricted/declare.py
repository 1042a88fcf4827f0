"""What a row declares about itself: its people, its bodies, its private values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.fields import dictionary
from pipeline.model import PartyType
from pipeline.policy import Policy
from pipeline.restricted.detect.edges import SOUNDS, cues
from pipeline.restricted.detect.finding import Person
from pipeline.restricted.detect.lexicon import HAN, cut, is_word
from pipeline.restricted.detect.script import DOTTED, LATIN
from pipeline.restricted.detect.surnames import begins_like_a_name
from pipeline.restricted.normalise import normalise

_BODY = re.compile(
    r"(?:公司|集团|厂|店|馆|行|部|铺|坊|场|站|所|院|校|园|社|会|队|中心|超市|商场|市场|酒楼|饭庄|酒店|宾馆|旅馆|网吧|"
    r"合作社|合伙|企业|事务所|委员会|办公室|局|政府|学校|医院|诊所|药房|协会|基金会|农场|牧场|基地|工作室|经营部|经销部|门市|门市部|"
    r"小吃|火锅|面馆|茶楼|茶室|理发|美容|美发|批发|零售点|代销点|售货点|加油站|养殖场|专业户|家庭农场|摊|摊位|楼|城|庄|屋|吧|苑|户|点|处|库|仓|矿|电站|银行|支行|分社|寺|庙|教堂|项目|工程)"
    r"(?:\([^()]*\))?$"
)
_HAN_ONLY = re.compile(f"[{HAN}]{{2,6}}")
_SEPARATORS = re.compile(
    r"[、,/;|\n\t]|\s{1,}(?![A-Za-z])|(?<=[\u4e00-\u9fff])[和与及](?=[\u4e00-\u9fff]{2})"
)
_NOTE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|[等]+(?:\d+人)?$|[:,].*$|\d.*$")
_NAME = re.compile(rf"(?:{DOTTED}|{LATIN}|[{HAN}]{{2,7}}|[A-Z][A-Za-z .'\-]{{2,40}})")
_SIGN = 4  # characters; shops' signs are as long, or end in a word for a shop
_OUT = re.compile(r"某|[*×]|未知|不详")
_INNER_PERSON = re.compile(rf"\((?:经营者|业主|负责人|法定代表人|法人)?:?([{HAN}·]{{2,10}})\)")

#: Private fields whose value is somebody's: what kind of secret each is.
SECRET_KINDS: Mapping[str, str] = {
    "legal_rep_id": "id",
    "id_number": "id",
    "phone": "phone",
    "bank_account": "bank",
    "address": "address",
    "agent": "name",
    "witness": "name",
    "complainant": "name",
    "officer_1": "name",
    "officer_2": "name",
}


@dataclass(frozen=True, slots=True)
class Declaration:
    """What one row says of itself, normalised. ``party_unclear``: a person must look."""

    people: tuple[Person, ...]
    organisations: tuple[str, ...]
    secrets: tuple[tuple[str, str], ...]
    party_is_person: bool
    party_unclear: bool


def declare(texts: Mapping[str, str], party_type: PartyType, policy: Policy) -> Declaration:
    """Sort the declared values of a row (keys of the dictionary → raw text) into kinds."""
    party = normalise(texts.get("party", "")).text.strip()
    is_person = personal(party, party_type)
    people = [Person(name) for name in (split_names(party) if is_person else _owners(party))]
    people += _people(texts, party_type, policy)
    shown = {p.name for p in people if p.shown} - {p.name for p in people if not p.shown}
    people = [Person(p.name, p.name in shown) for p in people]
    return Declaration(
        people=tuple(dict.fromkeys(people)),
        organisations=() if is_person else tuple(_bodies(party)),
        secrets=tuple(_secrets(texts, party_type)),
        party_is_person=is_person,
        party_unclear=_unclear(party, party_type),
    )


def personal(party: str, party_type: PartyType) -> bool:
    """Whether the party is one citizen or several, not a body with a name of its own.

    A sole trader without a shop's name, and a bare personal name filed as an
    organisation, are citizens too; a sole trader even when the surname is none of the listed.
    """
    if party_type is PartyType.PERSON:
        return not (_BODY.search(party) and len(party) > 4)
    if _BODY.search(party) or not split_names(party):
        return False
    return looks_like_a_name(party) or (
        party_type is PartyType.SOLE_TRADER and len(party) < _SIGN and not is_word(party)
    )


def looks_like_a_name(text: str) -> bool:
    """Whether ``text`` could be one person's name in full."""
    text = _NOTE.sub("", text).strip()
    if len(text) >= 3 and all(char in SOUNDS for char in text):
        return True
    if re.fullmatch(rf"[{HAN}]{{2,4}}", text):
        return begins_like_a_name(text) and not (len(text) == 4 and _BODY.search(text))
    return bool(re.fullmatch(rf"{DOTTED}|{LATIN}|[A-Z][A-Za-z .'\-]{{2,40}}", text))


def split_names(value: str) -> list[str]:
    """The single names in a declared value; notes and numbers after them are dropped."""
    value = normalise(value).text
    parts = (_NOTE.sub("", part).strip() for part in _SEPARATORS.split(_NOTE.sub("", value)))
    return [p for p in parts if _NAME.fullmatch(p) and not _OUT.search(p) and not _stopped(p)]


def _stopped(word: str) -> bool:
    return word in cues()["stop"]


def _owners(party: str) -> Iterator[str]:
    for match in _INNER_PERSON.finditer(party):
        if looks_like_a_name(match[1]) and not _BODY.search(match[1]):
            yield match[1]


def _people(texts: Mapping[str, str], kind: PartyType, policy: Policy) -> Iterator[Person]:
    shows_head = kind is PartyType.ORGANISATION and policy.mask.legal_representative.value == "show"
    shows_officers = policy.mask.officers.value == "show"
    for field in dictionary().values():
        if field.type == "person":
            shown = shows_head if field.key == "legal_representative" else False
            if field.key.startswith("officer"):
                shown = shows_officers
            for name in split_names(texts.get(field.key, "")):
                yield Person(name, shown and not _invests(name, texts.values()))


_OWNER = re.compile(r"(?:投资人|经营者|合伙人)(?:为|是|[:：])?\s?$")
_OWNER_LONG = 5  # characters at most


def _invests(name: str, texts: Iterable[str]) -> bool:
    """Whether the texts call somebody the owner of a business that is no legal person.

    The head of such a business (个人独资企业, 合伙企业) is a citizen, not a 法定代表人.
    """
    for text in texts:
        at = text.find(name)
        while at >= 0:
            if _OWNER.search(text[max(at - _OWNER_LONG, 0) : at]):
                return True
            at = text.find(name, at + 1)
    return False


_PLACE = re.compile(
    rf"^(?:[{HAN}]{{2,6}}?(?:省|自治区))?(?:[{HAN}]{{2,5}}?(?:市|州|盟|地区))?(?:[{HAN}]{{2,6}}?(?:县|区|旗|市))?(?:[{HAN}]{{2,6}}?(?:镇|乡|街道|苏木))?(?:[{HAN}]{{2,4}}?村)?"
)


def _bodies(party: str) -> Iterator[str]:
    """The party's name, without its note, and without the places it begins with."""
    if not party:
        return
    yield party
    bare = re.sub(r"\s*\([^()]*\)\s*$", "", party)
    if bare != party and len(bare) >= 4:
        yield bare
    place = _PLACE.match(bare)
    rest = bare[place.end() :] if place else bare
    if rest != bare and len(rest) >= 4:
        yield rest


def _secrets(texts: Mapping[str, str], kind: PartyType) -> Iterator[tuple[str, str]]:
    for key, secret in SECRET_KINDS.items():
        value = normalise(texts.get(key, "")).text.strip()
        if not value or (key == "address" and kind is PartyType.ORGANISATION):
            continue
        if secret == "name":  # noqa: S105
            yield from ((secret, name) for name in split_names(value))
        else:
            yield secret, value


def _unclear(party: str, kind: PartyType) -> bool:
    if kind is PartyType.PERSON:
        if _OUT.search(party):
            return False  # masked before it came
        names = split_names(party)
        return not names or not all(looks_like_a_name(n) or _unusual(n) for n in names)
    return False


def _unusual(name: str) -> bool:
    """Whether no words make it and no body: a name without one of the surnames (吉克阿呷)."""
    if not _HAN_ONLY.fullmatch(name) or _BODY.search(name):
        return False
    return not any(len(word) > 1 and is_word(word) for word in cut(name))
