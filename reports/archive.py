"""The same content gives the same bytes: DOCX and XLSX are zip archives, and a zip remembers when it was written. Pure."""

import io
import zipfile

THEN = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip archive can name


def without_clock(data: bytes) -> bytes:
    """The archive written anew: same members in the same order, every one dated alike."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, THEN)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 0  # whatever machine it was made on
            member.external_attr = 0
            target.writestr(member, source.read(name))
    return out.getvalue()
