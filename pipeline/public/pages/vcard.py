"""An agency's supervision contact as a vCard 3.0, the version every phone reads."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.agencies import Agency

_LINE = 75  # octets a line may have (RFC 2425); the rest goes on after a space


def vcard(agency: Agency) -> bytes:
    """The whole card: name, both phones, address, mail, hours."""
    contact = agency.contact
    lines = [
        *("BEGIN:VCARD", "VERSION:3.0"),
        f"N:{_plain(agency.short_name)}投诉举报;;;;",
        f"FN:{_plain(agency.short_name)}投诉举报",
        f"ORG:{_plain(agency.name)};{_plain(contact.unit)}",
        f"TEL;TYPE=WORK,VOICE,PREF:{_plain(contact.hotline)}",
    ]
    if contact.enforcement_report_line:
        lines.append(f"TEL;TYPE=WORK,VOICE:{_plain(contact.enforcement_report_line)}")
    lines.append(f"ADR;TYPE=WORK:;;{_plain(contact.address)};;;{contact.postcode};中国")
    if contact.email:
        lines.append(f"EMAIL;TYPE=WORK:{_plain(contact.email)}")
    lines += [f"NOTE:{_plain(contact.hours)}", "END:VCARD"]
    return b"".join(_folded(line) for line in lines)


def short(agency: Agency) -> str:
    """The card with name and phone only: little enough for a QR code that any phone reads."""
    name = f"{_plain(agency.short_name)}投诉举报"
    lines = ("BEGIN:VCARD", "VERSION:3.0", f"N:{name}", f"FN:{name}")
    phone = f"TEL;TYPE=WORK:{_plain(agency.contact.hotline)}"
    return "\r\n".join((*lines, phone, "END:VCARD", ""))


def _plain(text: str) -> str:
    """``text`` with the signs that mean something in a vCard escaped."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())


def _folded(line: str) -> bytes:
    return b"\r\n ".join(_parts(line)) + b"\r\n"


def _parts(line: str) -> Iterator[bytes]:
    """``line`` in pieces of at most 75 octets (74 after the first), characters kept whole."""
    part = b""
    room = _LINE
    for character in line:
        octets = character.encode()
        if len(part) + len(octets) > room:
            yield part
            part, room = b"", _LINE - 1
        part += octets
    yield part
