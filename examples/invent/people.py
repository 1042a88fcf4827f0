"""Names, numbers and companies that belong to nobody."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from invent.words import words

#: 154 is not assigned to any operator: no such number can be called.
MOBILE_PREFIX = "154"

_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class People:
    """A source of people and bodies; no full name is given out twice."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._taken: set[str] = set()

    def name(self) -> str:
        """A full name of two to four characters, seldom a minority name with a dot."""
        table = words()["people"]
        while True:
            if self._rng.random() < 0.006:
                name = self._rng.choice(table["minority"])
            else:
                surname = self._rng.choice(table["surnames"])
                name = (
                    surname + self._rng.choice(table["first"]) + self._rng.choice(table["second"])
                )
            if name not in self._taken:
                self._taken.add(name)
                return name

    def company(self, district: str, trade: str) -> str:
        """A company's name: district, an invented sign, the trade."""
        signs = words()["companies"]["signs"]
        while True:
            sign = self._rng.choice(signs)
            if self._rng.random() < 0.4:
                sign += self._rng.choice(("新", "兴", "源", "盛", "顺", "和"))
            name = f"{district}{sign}{trade}"
            if name not in self._taken:
                self._taken.add(name)
                return name

    def birth_date(self, today: date, *, minor: bool = False) -> date:
        """A day of birth: 19 to 70 years ago, or 14 to 17 for a minor."""
        years = self._rng.randint(14, 16) if minor else self._rng.randint(20, 70)
        return today - timedelta(days=years * 365 + self._rng.randint(30, 330))

    def identity_number(self, area: str, born: date) -> str:
        """An 18-digit identity number with a valid check digit (GB 11643)."""
        body = f"{area}{born:%Y%m%d}{self._rng.randint(0, 998):03d}"
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
        return body + "10X98765432"[total % 11]

    def phone(self) -> str:
        """A mobile number of a range that does not exist."""
        return MOBILE_PREFIX + f"{self._rng.randint(0, 99_999_999):08d}"

    def bank_card(self) -> str:
        """A card number of 19 digits with a valid Luhn digit."""
        body = words()["companies"]["cards"][0] + f"{self._rng.randint(0, 10**11 - 1):011d}"
        digits = [int(digit) for digit in reversed(body)]
        total = sum(sum(divmod(2 * d, 10)) if n % 2 == 0 else d for n, d in enumerate(digits))
        return body + str(-total % 10)

    def plate(self, prefix: str) -> str:
        """A vehicle's number plate."""
        return prefix + "".join(
            self._rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789") for _ in "12345"
        )

    def credit_code(self, area: str, *, sole_trader: bool = False) -> str:
        """A 统一社会信用代码 with valid check characters; DEM marks it as invented."""
        body = f"DEM{self._rng.randint(0, 99_999):05d}"
        weights = (3, 7, 9, 10, 5, 8, 4, 2)
        values = (_ORGANISATION_ALPHABET.index(c) for c in body)
        check = (11 - sum(v * w for v, w in zip(values, weights, strict=True)) % 11) % 11
        code = f"{'92' if sole_trader else '91'}{area}{body}{'X' if check == 10 else check}"
        total = sum(_CODE_ALPHABET.index(c) * pow(3, n, 31) for n, c in enumerate(code))
        return code + _CODE_ALPHABET[-total % 31]
