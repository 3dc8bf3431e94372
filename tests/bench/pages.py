"""Pages under gunicorn with two workers, each against the reference page in the same rounds."""
