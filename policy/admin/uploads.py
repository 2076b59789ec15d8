"""Files that come with a form: refused by their size before any of it is kept."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class CappedUpload(FileUploadHandler):
    """Ends a request that announces more than any page takes; Django itself would write it all to disk."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        if content_length > settings.HADIR_MAX_UPLOAD_BYTES:
            raise RequestDataTooBig("A form with files may have at most HADIR_MAX_UPLOAD_BYTES.")

    def receive_data_chunk(self, raw_data, start):
        return raw_data  # on to the handlers that keep it

    def file_complete(self, file_size):
        return None
