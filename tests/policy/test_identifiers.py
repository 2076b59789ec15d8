"""NIP (domain reference 3.1)."""

from __future__ import annotations

import pytest

from policy.identifiers import clean_nip, nip_kind


@pytest.mark.parametrize(
    ("nip", "kind"),
    [("198609262015051001", "pns"), ("19860926 201505 1 001", "pns"), ("200012312024211001", "pppk")],
)
def test_a_valid_nip_tells_its_kind(nip, kind):
    assert nip_kind(clean_nip(nip)) == kind


@pytest.mark.parametrize(
    "nip",
    [
        "198013302010012005",  # 30 February and the like: no such birth date
        "198609262015131001",  # month 13
        "198609262015053001",  # sex 3
        "198609262015051000",  # serial 000
        "19860926201505100",  # 17 digits
        "1986092620150510011",  # 19 digits
        "198609261999051001",  # appointed at 13
        "194009262015051001",  # appointed at 75
        "abcdefghijklmnopqr",
        "",
    ],
)
def test_what_is_no_nip_is_refused(nip):
    with pytest.raises(ValueError):
        clean_nip(nip)
