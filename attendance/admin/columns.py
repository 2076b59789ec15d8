"""The columns that name the person of an event, the same on every list."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from policy.admin.texts import EMPTY, number_of


class PersonColumns:
    """Name, NRK and unit of rows that carry `employee` and `unit`."""

    @display(description=_("pegawai"), ordering="employee__name")
    def person(self, row) -> str:
        return row.employee.name

    @display(description="NRK")
    def nrk(self, row) -> str:
        return number_of(row.employee)

    @display(description=_("unit kerja"))
    def unit_name(self, row) -> str:
        return row.unit.name if row.unit else EMPTY
