"""Says in plain Indonesian what a scheme means, so that a head of personnel can read it aloud. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations

from policy.calendar import Windows
from policy.quota import Cap, allowed
from policy.schemes.checks import overlap, windows_around
from policy.schemes.values import (
    MONDAY_TO_FRIDAY,
    CapFile,
    DocumentFile,
    DressFile,
    ExclusionFile,
    HoursFile,
    PhaseFile,
    PriorityFile,
    SchemeFile,
    settled,
)
from policy.schemes.words import (
    ABSENCE_WORDS,
    BOUNDS,
    CATEGORY_WORDS,
    KIND_WORDS,
    MOCK_WORDS,
    SHARES,
    SIGNATURE_WORDS,
    clock,
    day,
    ended,
    listed,
    lowered,
    period,
    region,
    weekdays,
    word,
)

EXAMPLES = (7, 1)  # head counts that show the rounding, and the unit of one


def explain(file: SchemeFile) -> str:
    """The whole scheme in paragraphs; what its document leaves open is told by policy.schemes.gaps."""
    whole = settled(file)
    parts = [
        _what(whole),
        _who(whole),
        *(_phase(number, phase) for number, phase in enumerate(whole.phases, 1)),
        *_overlaps(whole.phases),
        "" if whole.national else _attendance(whole),
        "" if whole.national else _verification(whole),
        _exclusions(whole),
        _priorities(whole.priorities),
        *(f"Unit {one.unit} dihitung bersama unit induknya: {ended(one.reason)}" for one in whole.poolings),
        *(_hours(row) for row in whole.hours),
        _dress(whole.dress),
        *(f"Catatan: {ended(note)}" for note in whole.notes),
    ]
    return "\n\n".join(part for part in parts if part)


def _what(file: SchemeFile) -> str:
    kind = "skema nasional kerja hibrida" if file.national else "skema kerja hibrida"
    trial = " yang bersifat uji coba" if file.is_trial else ""
    whom = f" bagi {file.addressed_to}" if file.addressed_to else ""
    told = [f"“{file.name}” adalah {kind}{trial}{whom}.", _document(file.document)]
    if file.national:
        told.append(
            "Skema nasional tidak mengikat jadwal kerja instansi, tetapi menimbulkan peringatan "
            "bila batas instansi lebih longgar."
        )
    return " ".join(told)


def _document(document: DocumentFile) -> str:
    if document.issued_on and document.is_complete:
        return (
            f"Dasar hukumnya dokumen nomor {document.number} tentang {document.title}, "
            f"ditetapkan oleh {document.issuer} pada {day(document.issued_on)}."
        )
    known = {"nomor": document.number, "penerbit": document.issuer, "judul": document.title}
    told = [f"{name} {value}" for name, value in known.items() if value]
    what = f" (yang diketahui: {listed(told)})" if told else ""
    return f"Dasar hukumnya belum lengkap{what}, sehingga skema ini masih rancangan dan belum dapat diberlakukan."


def _who(file: SchemeFile) -> str:
    told = [
        f"Yang boleh dijadwalkan bekerja dari rumah: {listed(KIND_WORDS[kind] for kind in file.covers or ())}."
    ]
    if file.only_grounds:
        grounds = listed((word(code) for code in file.only_grounds), "atau")
        told.append(f"Itu pun hanya pegawai yang {grounds}, dan alasannya tercatat.")
    away = ["tenaga kontrak", *(f"pegawai yang {ABSENCE_WORDS[kind]}" for kind in file.not_counted or ())]
    told.append(
        "Penyebut batas adalah seluruh pegawai ASN, termasuk yang sedang cuti; "
        f"yang tidak dihitung: {listed(away)}."
    )
    return " ".join(told)


def _phase(number: int, phase: PhaseFile) -> str:
    head = f"Tahap {number}, “{phase.name}”: {period(phase.starts, phase.ends)}, {_places(phase)}."
    caps = [_cap(cap) for cap in phase.caps]
    if all(cap.category for cap in phase.caps):
        caps.append("Kategori lain tidak disebut, sehingga tidak seorang pun di sana bekerja dari rumah.")
    return " ".join(part for part in (head, *caps, _example(phase.caps), _windows(phase.windows)) if part)


def _places(phase: PhaseFile) -> str:
    if phase.is_everywhere:
        return "di semua unit kerja"
    named = []
    if phase.units:
        named.append(f"unit {listed(phase.units)} beserta semua unit di bawahnya")
    if phase.regions:
        named.append(f"unit yang berkantor di wilayah {listed(region(code) for code in phase.regions)}")
    return f"hanya di {listed(named)}"


def _cap(cap: CapFile) -> str:
    whose = f" kategori {CATEGORY_WORDS[cap.category]}" if cap.category else ""
    of = f"{'perangkat daerah' if cap.denominator == 'agency_unit' else 'unit kerja terendah'}{whose}"
    if cap.bound == "max" and cap.percent == 0:
        return f"Di {of}, tidak seorang pun {SHARES[cap.measure]}."
    if cap.bound == "max" and cap.percent == 100:
        return f"Di tiap {of}, jumlah yang {SHARES[cap.measure]} tidak dibatasi."
    return f"Di tiap {of}, {BOUNDS[cap.bound]} {cap.percent} persen pegawai ASN {SHARES[cap.measure]}."


def _example(caps: Sequence[CapFile]) -> str:
    """The rounding in numbers, where a phase binds everybody alike."""
    binding = [cap for cap in caps if cap.bound != "target"]
    if not binding or any(cap.category for cap in caps) or all(cap.percent in (0, 100) for cap in binding):
        return ""
    told = [f"dari {count} pegawai {_share(count, binding)}" for count in EXAMPLES]
    return f"Contohnya, {listed(told)}."


def _share(headcount: int, caps: Iterable[CapFile]) -> str:
    share = allowed(headcount, [Cap(cap.measure, cap.bound, cap.percent) for cap in caps])
    if share.least == share.most:
        return f"tepat {share.most} orang di rumah" if share.most else "tidak seorang pun di rumah"
    if share.least == 0:
        return f"paling banyak {share.most} orang di rumah"
    if share.most == headcount:
        return f"paling sedikit {share.least} orang di rumah"
    return f"{share.least} sampai {share.most} orang di rumah"


def _windows(windows: Windows | None) -> str:
    if windows is None:
        return ""
    return (
        f"Presensi masuk pukul {clock(windows.in_opens)} sampai {clock(windows.in_closes)}, "
        f"presensi pulang pukul {clock(windows.out_opens)} sampai {clock(windows.out_closes)}."
    )


def _overlaps(phases: Sequence[PhaseFile]) -> Iterator[str]:
    for one, other in combinations(phases, 2):
        if overlap(one, other):
            yield f"Tahap “{one.name}” dan “{other.name}” sama-sama berlaku {shared(one, other)}. {verdict(one, other)}"


def shared(one: PhaseFile, other: PhaseFile) -> str:
    """The dates on which two phases both hold."""
    both = overlap(one, other)
    assert both
    return period(both[0], None if both[1] == date.max else both[1])


def verdict(one: PhaseFile, other: PhaseFile) -> str:
    """Which of two phases decides where both hold, and why; the order is that of policy.rules.deciding."""
    found = decides(one, other)
    if found is None:
        return "Masa berlaku keduanya sama, sehingga tidak jelas mana yang menentukan."
    winner, why = found
    return f"Yang menentukan adalah “{winner.name}”, karena {why}."


def beside(file: SchemeFile, name: str, other: PhaseFile, *, national: bool) -> Iterator[str]:
    """What a phase of another scheme of this `name` means on the dates that it shares with the file's."""
    named = replace(other, name=f"{name}, {other.name}")
    for one in file.phases:
        if not overlap(one, named):
            continue
        told = f"“{one.name}” dan “{named.name}” sama-sama berlaku {shared(one, named)}."
        if file.national or national:
            warns = one.name if file.national else named.name
            yield f"{told} “{warns}” bersifat nasional dan hanya memberi peringatan."
        else:
            yield f"{told} {verdict(one, named)}"


def decides(one: PhaseFile, other: PhaseFile) -> tuple[PhaseFile, str] | None:
    """The phase that decides of two, with the reason; None where nothing tells them apart."""
    if one.is_everywhere != other.is_everywhere:
        return other if one.is_everywhere else one, "berlaku khusus bagi tempat tertentu"
    if _days(one) != _days(other):
        return min(one, other, key=_days), "masa berlakunya lebih pendek"
    if one.starts != other.starts:
        return max(one, other, key=lambda phase: phase.starts), "mulai berlaku lebih akhir"
    return None


def _days(phase: PhaseFile) -> int:
    """The length of a phase; an open end is longer than everything."""
    return (phase.ends - phase.starts).days if phase.ends else date.max.toordinal()


def _attendance(file: SchemeFile) -> str:
    if file.window_mode == "credit":
        hours, minutes = divmod(file.credit_minutes or 0, 60)
        credit = f"{hours} jam {minutes} menit" if minutes else f"{hours} jam"
        late = (
            "Bagi yang bekerja dari rumah, keterlambatan tidak dihitung di dalam jendela presensi, "
            f"dan setiap hari kerja efektif diberi kredit {credit}."
        )
    else:
        late = "Keterlambatan dihitung dalam menit sejak jam mulai bekerja."
    photo = (
        "Yang bekerja dari rumah diminta menyertakan foto berpakaian dinas."
        if file.uniform_photo
        else "Foto berpakaian dinas tidak diminta."
    )
    closing = f"Presensi masih diterima sampai detik ke-{file.closing_second} dari menit penutupan."
    signature = SIGNATURE_WORDS[file.signatures or "preferred"]
    return " ".join([late, closing, photo, signature, MOCK_WORDS[file.mock_policy or "review"]])


def _verification(file: SchemeFile) -> str:
    if not file.slots:
        return "Tidak ada verifikasi berkala oleh atasan langsung."
    return (
        "Atasan langsung memverifikasi pegawai yang terundi "
        f"pada pukul {listed(clock(at) for at in file.slots)}. "
        f"Setiap kali diundi {file.draw_percent} persen dari yang bekerja dari rumah, "
        f"paling banyak {file.daily_cap} kali per orang per hari; "
        f"yang belum terundi selama {file.overdue_days} hari WFH didahulukan. "
        f"Pegawai menjawab paling lama dalam {file.answer_minutes} menit; "
        f"satu panggilan video diperkirakan {file.call_minutes} menit."
    )


def _exclusions(file: SchemeFile) -> str:
    if not file.exclusions:
        return "Tidak ada unit kerja, kategori layanan, atau jabatan yang dikecualikan."
    told = f"Dikecualikan dari bekerja dari rumah: {listed(_exclusion(one) for one in file.exclusions)}."
    if not any(one.post for one in file.exclusions):
        return told
    if file.exempt_positions_may_rotate:
        return f"{told} Pemegang jabatan yang dikecualikan boleh ikut bergiliran."
    return f"{told} Pemegang jabatan yang dikecualikan tetap bekerja di kantor dan tidak ikut bergiliran."


def _exclusion(one: ExclusionFile) -> str:
    if one.unit:
        what = f"unit {one.unit} beserta semua unit di bawahnya"
    elif one.category:
        what = f"kategori {CATEGORY_WORDS[one.category]}"
    else:
        what = f"jabatan {word(one.post or '')}"
    return f"{what} ({lowered(one.reason.rstrip('.'))})"


def _priorities(priorities: Sequence[PriorityFile]) -> str:
    if not priorities:
        return ""
    told = [_priority(one) for one in priorities]
    order = ", menurut urutan ini" if len(told) > 1 else ""
    return f"Didahulukan dalam jadwal kerja{order}: {'; '.join(told)}."


def _priority(one: PriorityFile) -> str:
    if one.ground:
        return f"yang {word(one.ground)}"
    where = listed(region(code) for code in one.domicile or one.office or ())
    return f"yang berdomisili di {where}" if one.domicile else f"yang berkantor di {where}"


def _hours(row: HoursFile) -> str:
    shift = f" (kode {row.code}, hanya bagi yang dijadwalkan dengannya)" if row.code else ""
    unit = f" bagi unit {row.unit}" if row.unit else ""
    told = [
        f"{row.name}{shift}{unit}: {weekdays(row.weekdays or MONDAY_TO_FRIDAY)} "
        f"pukul {clock(row.begins)} sampai {clock(row.finishes)}, {period(row.starts, row.ends)}."
    ]
    if row.break_begins and row.break_finishes:
        told.append(f"Istirahat pukul {clock(row.break_begins)} sampai {clock(row.break_finishes)}.")
    if row.flex_minutes:
        told.append(
            f"Boleh masuk paling lama {row.flex_minutes} menit lebih akhir, lalu pulang selama itu pula lebih akhir."
        )
    told.append(_windows(row.windows or windows_around(row)))
    return " ".join(told)


def _dress(rows: Sequence[DressFile]) -> str:
    if not rows:
        return ""
    spans = {(row.starts, row.ends) for row in rows}
    if len(spans) == 1:
        return f"Pakaian dinas, {period(*spans.pop())}: {'; '.join(_worn(row) for row in rows)}."
    told = [f"{_worn(row)}, {period(row.starts, row.ends)}" for row in rows]
    return f"Pakaian dinas: {'; '.join(told)}."


def _worn(row: DressFile) -> str:
    unit = f" bagi unit {row.unit}" if row.unit else ""
    return f"{weekdays(row.weekdays or MONDAY_TO_FRIDAY)}{unit}: {row.dress}"
