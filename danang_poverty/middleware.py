from django.utils import translation


def speak_english_to_machines(get_response):
    """Pages speak Vietnamese; the API's messages are for developers and stay English."""

    def middleware(request):
        if not request.path.startswith("/api/v1/"):
            return get_response(request)
        with translation.override("en"):
            return get_response(request)

    return middleware
