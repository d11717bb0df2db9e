"""What lets pages that were opened be read again without a net: a service worker, and the page
that it shows in place of one that it does not have.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from convoca.pages.public import public_page


@public_page(tags=["site"], mirrored="never")
def worker(request: HttpRequest) -> HttpResponse:
    """The worker, at the root, as it may answer for no address above its own. Browsers look each
    day, and with each page, whether these bytes have changed.
    """
    return render(request, "web/service-worker.js", content_type="text/javascript; charset=utf-8")


@public_page(tags=["site"], mirrored="never")
def offline(request: HttpRequest) -> HttpResponse:
    """What is kept on this device: the browser itself fills in the list."""
    return render(request, "web/offline.html")
