"""A file too large for any page is read past, not kept: it fills neither memory nor disk."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class Bounded(FileUploadHandler):
    """First of the handlers. The form then has no file, and says why by the length of what was sent."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        self.too_long = content_length > settings.UPLOAD_MOST_BYTES

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        if self.too_long:
            raise SkipFile

    def receive_data_chunk(self, raw_data, start):
        return raw_data

    def file_complete(self, file_size):
        return None
