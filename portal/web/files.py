"""Files as answers: exactly what they are, in parts where a player asks, and with no power over a page."""

from typing import IO, cast

from flask import Response, request
from werkzeug.wsgi import FileWrapper

from portal.domain.media import MediaFile, MediaKind
from portal.store.media_bytes import KeptBytes

# Should a browser take it for a page after all, nothing in it runs, loads or is of this site.
POLICY = "default-src 'none'; sandbox"
AT_ONCE = 64 * 1024  # bytes that leave the process together


def give_pdf(content: bytes, name: str) -> Response:
    """A document of our own making, to be read in the browser and kept under this name."""
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def give(file: MediaFile, content: KeptBytes) -> Response:
    """The whole file, or the range of it that a player asks for: no more is read than is sent."""
    response = Response(FileWrapper(cast(IO[bytes], content), AT_ONCE), mimetype=file.type, direct_passthrough=True)
    how = "attachment" if file.kind is MediaKind.LETTER else "inline"
    response.headers.set("Content-Disposition", how, filename=f"{file.kind.value}.{file.ending}")
    response.headers["Content-Security-Policy"] = POLICY
    response.content_length = file.size
    response.make_conditional(request, accept_ranges=True, complete_length=file.size)
    return response
