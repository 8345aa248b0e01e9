"""A file of section A as an answer: exactly what it is, in parts where a player asks, and with no power over a page."""

import io

from flask import Response, send_file

from portal.domain.media import MediaFile, MediaKind

# Should a browser take it for a page after all, nothing in it runs, loads or is of this site.
POLICY = "default-src 'none'; sandbox"


def give(file: MediaFile, content: bytes) -> Response:
    response = send_file(
        io.BytesIO(content),
        mimetype=file.type,
        as_attachment=file.kind is MediaKind.LETTER,
        download_name=f"{file.kind.value}.{file.ending}",
        conditional=True,
        etag=False,
    )
    response.headers["Content-Security-Policy"] = POLICY
    return response
