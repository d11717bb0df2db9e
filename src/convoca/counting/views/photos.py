"""Photos of a report, behind the host's link: sent one by one, described, cut, taken away."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render

from convoca.actions.models import HostLink
from convoca.actions.views.host_gate import by_link
from convoca.core.errors import Refusal
from convoca.counting.forms.photos import SIDES, PhotoForm, PhotosForm
from convoca.counting.models import Photo, Report
from convoca.counting.models.photo import MOST_PHOTOS
from convoca.counting.services import photos
from convoca.media.forms import PictureField
from convoca.network.picking import status_of


@by_link()
def host_photos(request: HttpRequest, link: HostLink, token: str) -> HttpResponse:
    """Those that were sent, and more of them. A script sends them one by one and asks for JSON."""
    report = Report.objects.sent().filter(action=link.action).first()
    if report is None:  # text and figures come first
        return redirect("counting:host-report", token=token)
    is_sent = request.method == "POST"
    form = PhotosForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if form.is_bound and form.is_valid():
        for words in _take(request, link, report):
            form.add_error("photos", words)
    if request.headers.get("Accept") == "application/json":
        said = " ".join(words for errors in form.errors.values() for words in map(str, errors))
        return JsonResponse({"error": said}, status=status_of(form))
    if form.is_bound and not form.errors:
        return redirect("counting:host-photos", token=token)
    kept = list(report.photos.kept())
    context = {
        "action": link.action,
        "token": token,
        "form": form,
        "photos": kept,
        "left": max(0, MOST_PHOTOS - len(kept)),
    }
    return render(request, "counting/host_photos.html", context, status=status_of(form))


def _take(request: HttpRequest, link: HostLink, report: Report) -> list[str]:
    """Keep one after the other; what is wrong with those that are not kept."""
    wrong = []
    for uploaded in request.FILES.getlist("photos")[: 2 * MOST_PHOTOS]:
        name = (uploaded.name or "")[:60]
        try:
            checked = PictureField().clean(uploaded)
            photos.add_photo(report, checked, link=link)
        except ValidationError as error:
            wrong.append(f"{name}: {error.messages[0]}")
        except Refusal as refusal:
            wrong.append(f"{name}: {refusal}")
    return wrong


@by_link()
def host_photo(request: HttpRequest, link: HostLink, token: str, number: int) -> HttpResponse:
    """One photo: what can be seen on it, which part stays, or none of it."""
    rows = Photo.objects.kept().select_related("report")
    photo = get_object_or_404(rows, report__action=link.action, pk=number)
    alt = photo.picture.alt if photo.picture is not None else ""
    form = PhotoForm(request.POST if request.method == "POST" else None, initial={"alt": alt})
    if form.is_bound and "remove" in request.POST:
        photos.remove_photo(photo, link=link)
        return redirect("counting:host-photos", token=token)
    if form.is_bound and form.is_valid():
        try:
            photos.crop_photo(photo, form.cut, link=link)
        except Refusal as refusal:
            form.add_error("part", str(refusal))
        else:
            photos.describe_photo(photo, form.cleaned_data["alt"])
            return redirect("counting:host-photos", token=token)
    context = {
        "action": link.action,
        "token": token,
        "form": form,
        "photo": photo,
        "sides": [form[side] for side in SIDES],
    }
    return render(request, "counting/host_photo.html", context, status=status_of(form))
