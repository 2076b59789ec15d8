"""NIP: what a valid civil-service number looks like (domain reference 3.1). PURE."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

# YYYYMMDD birth, YYYY appointment, month (PNS) or 2+contract count (PPPK), sex, serial. There is no check digit.
_NIP = re.compile(r"^(\d{8})(\d{4})(0[1-9]|1[0-2]|2[1-9])([12])(?!000)(\d{3})$")


def clean_nip(text: str) -> str:
    """The 18 digits of a NIP written with or without spaces and dots.

    Raises ValueError when the text is no NIP: wrong shape, impossible birth date, or an appointment
    before 17 or after 60 years of age.
    """
    digits = re.sub(r"[ .]", "", text)
    match = _NIP.fullmatch(digits)
    if match is None:
        raise ValueError("A NIP has 18 digits: birth date, appointment, sex, serial number.")
    born = _birth_date(match[1])
    if not 17 <= int(match[2]) - born.year <= 60:
        raise ValueError("The year of appointment does not fit the birth date.")
    return digits


def nip_kind(nip: str) -> Literal["pns", "pppk"]:
    """The kind that digits 13-14 of a valid NIP tell: a month for PNS, 21-29 for PPPK."""
    return "pns" if int(nip[12:14]) <= 12 else "pppk"


def mask(nip: str | None) -> str:
    """A NIP as lists, reports and exports show it: the year of birth, the rest hidden; "" for none."""
    return f"{nip[:4]}********" if nip else ""


def _birth_date(digits: str) -> date:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise ValueError("The birth date in the NIP does not exist.") from None
