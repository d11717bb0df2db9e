"""Links are led elsewhere and forms are gone; all else stays to the byte."""

import pytest

from convoca.pages.mirror import markup


def rewritten(text, notice=""):
    return markup.rewritten(
        text,
        lead=lambda address, kind: f"{kind}({address})",
        instead=lambda method, address: f"[{method} {address}]",
        notice=notice,
    )


@pytest.mark.parametrize(
    ("written", "led"),
    [
        ('<a href="/es/">', '<a href="link(/es/)">'),
        ("<a class=x href='/es/?a=1&amp;b=2'>", '<a class=x href="link(/es/?a=1&amp;b=2)">'),
        ("<img src=/x.webp alt='a > b'>", "<img src=\"link(/x.webp)\" alt='a > b'>"),
        (
            '<img srcset="/a.webp 480w,/b.webp 960w">',
            '<img srcset="link(/a.webp) 480w, link(/b.webp) 960w">',
        ),
        ('<use href="/m.svg#land"/>', '<use href="link(/m.svg#land)"/>'),
        ('<link rel="canonical" href="/es/">', '<link rel="canonical" href="name(/es/)">'),
        (
            '<link rel="alternate" hreflang="fr" href="/fr/">',
            '<link rel="alternate" hreflang="fr" href="name(/fr/)">',
        ),
        (
            '<link rel="alternate" type="text/calendar" href="/x.ics">',
            '<link rel="alternate" type="text/calendar" href="link(/x.ics)">',
        ),
        (
            '<meta property="og:image" content="/x.png">',
            '<meta property="og:image" content="picture(/x.png)">',
        ),
        ('<meta name="description" content="/x">', '<meta name="description" content="/x">'),
        ('<A HREF="/es/">', '<A HREF="link(/es/)">'),
        ('<script data-worker="/worker.js" defer>', "<script  defer>"),
    ],
)
def test_an_address_is_led_elsewhere(written, led):
    assert rewritten(written) == led


@pytest.mark.parametrize(
    "text",
    [
        "<!doctype html><p title=\"href='/x'\" data-share='/x' hidden>a < b & c</p>",
        "<script>const a = \"<a href='/x'>\";</script>",
        '<script type=\'application/ld+json\'>{"url": "/x"}</script>',
        '<!-- <a href="/x"> --><title>a <a href="/x"></title><textarea><form></textarea>',
        '<a href="/unfinished',
    ],
)
def test_what_is_no_link_and_no_form_stays_to_the_byte(text):
    assert rewritten(text) == text


def test_a_form_is_replaced_with_all_that_is_in_it():
    form = '<FORM action="/es/send/" method="POST"><input name="q"><a href="/x">x</a></form>'
    assert rewritten(f"<p>{form}</p>") == "<p>[post /es/send/]</p>"
    assert rewritten("<form><input></form>!") == "[get ]!"


def test_a_form_that_readers_do_not_see_leaves_nothing():
    assert rewritten("a<form method=post hidden data-x='y'><input></form>b") == "ab"


def test_the_notice_stands_once_above_the_head():
    page = '<body><a class="skip" href="#main">x</a><header></header><main></main></body>'
    assert rewritten(page, "!").count("!") == 1
    assert "!<header>" in rewritten(page, "!")
    assert "!<main>" in rewritten("<body><main></main></body>", "!")


def test_a_style_sheet_has_its_addresses_led():
    sheet = 'a{b:url(x.png)} c{d:url( "../y.woff2" ) format("woff2")} @import "k.css";'
    led = markup.sheet(sheet, lead=lambda address, kind: f"<{address}>")
    assert led == (
        'a{b:url(<x.png>)} c{d:url( "<../y.woff2>" ) format("woff2")} @import "<k.css>";'
    )
