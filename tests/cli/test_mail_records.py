"""What others find when they look our mail up; name servers are answered from a dictionary."""

import dns.exception
import dns.rdata
import dns.resolver
import pytest

from convoca.cli.mail_records import Names, look_up
from convoca.core.config import Config

CONFIG = Config(
    url="https://rivers.example",
    mail_from="Rivers <post@rivers.example>",
    mail_url="smtps://u:p@mail.rivers.example",
)
GOOD = {
    ("rivers.example", "MX"): ["10 mx.rivers.example."],
    ("rivers.example", "TXT"): ['"site-verification=1"', '"v=spf1 a:mail.rivers.example -all"'],
    ("mail._domainkey.rivers.example", "TXT"): ['"v=DKIM1; k=rsa; " "p=MIIBIjANBg"'],
    ("_dmarc.rivers.example", "TXT"): ['"v=DMARC1; p=quarantine; rua=mailto:a@rivers.example"'],
    ("mail.rivers.example", "A"): ["8.8.4.4"],
    ("4.4.8.8.in-addr.arpa", "PTR"): ["mail.rivers.example."],
}


class Dictionary:
    """A resolver that knows what stands in a dictionary, and says of all else that it is not."""

    def __init__(self, zone):
        self.zone = zone
        self.asked = 0

    def resolve(self, qname, rdtype):
        self.asked += 1
        name = str(qname).rstrip(".").lower()
        if (name, rdtype) not in self.zone:
            raise dns.resolver.NXDOMAIN
        return [dns.rdata.from_text("IN", rdtype, text) for text in self.zone[name, rdtype]]


def found(changes=None, *, config=CONFIG, selector="mail"):
    zone = {key: value for key, value in {**GOOD, **(changes or {})}.items() if value}
    return list(look_up(config, selector=selector, names=Names(Dictionary(zone))))


def test_a_machine_that_knows_no_name_server_says_so(monkeypatch):
    def none():
        raise dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(dns.resolver, "Resolver", none)
    (said,) = [f for f in look_up(CONFIG) if f.is_bad]
    assert said.about == "name servers"


@pytest.mark.parametrize(
    ("server", "wanted"),
    [
        ("mail.rivers.example", "a:mail.rivers.example"),
        ("8.8.4.4", "ip4:8.8.4.4"),
        ("127.0.0.1", "mx"),
        ("localhost", "mx"),
    ],
)
def test_the_spf_record_that_is_proposed_names_the_server(server, wanted):
    config = Config(url=CONFIG.url, mail_from=CONFIG.mail_from, mail_url=f"smtps://u:p@{server}")
    (finding,) = of("SPF", {("rivers.example", "TXT"): None}, config=config)
    assert f"“v=spf1 {wanted} -all”" in finding.remedy


def of(about, *args, **kwargs):
    return [f for f in found(*args, **kwargs) if f.about == about and f.state != "fine"]


def test_everything_right_is_fine_and_says_so_for_each_thing():
    assert [(f.about, f.state) for f in found()] == [
        ("sender", "fine"),
        ("MX", "fine"),
        ("SPF", "fine"),
        ("SPF", "fine"),
        ("DKIM", "fine"),
        ("DMARC", "fine"),
        ("reverse name", "fine"),
    ]


SPF = ("rivers.example", "TXT")
DMARC = ("_dmarc.rivers.example", "TXT")
DKIM = ("mail._domainkey.rivers.example", "TXT")


@pytest.mark.parametrize(
    ("about", "changes", "state", "words"),
    [
        ("MX", {("rivers.example", "MX"): []}, "wrong", "has no MX record"),
        ("MX", {("rivers.example", "MX"): ["0 ."]}, "wrong", "takes no mail"),
        ("SPF", {SPF: []}, "wrong", "no SPF record"),
        ("SPF", {SPF: ['"v=spf1 -all"', '"v=spf1 mx -all"']}, "wrong", "2 SPF records"),
        ("SPF", {SPF: ['"v=spf1 a:mail.rivers.example +all"']}, "wrong", "allows everybody"),
        ("SPF", {SPF: ['"v=spf1 a:mail.rivers.example"']}, "mind", "what to do with mail of oth"),
        ("SPF", {SPF: ['"v=spf1 ip4:8.8.8.8 -all"']}, "mind", "does not name mail.rivers.example"),
        ("SPF", {("mail.rivers.example", "A"): []}, "wrong", "has no address"),
        ("DKIM", {DKIM: []}, "wrong", "There is no key at mail._domainkey.rivers.example"),
        ("DKIM", {DKIM: ['"v=DKIM1; p="']}, "wrong", "was revoked"),
        ("DMARC", {DMARC: []}, "wrong", "has no DMARC record"),
        ("DMARC", {DMARC: ['"v=DMARC1; p=none"']}, "mind", "only watches (p=none)"),
        ("reverse name", {("4.4.8.8.in-addr.arpa", "PTR"): []}, "wrong", "has no reverse name"),
        (
            "reverse name",
            {("4.4.8.8.in-addr.arpa", "PTR"): ["host4.provider.example."]},
            "wrong",
            "which has another address",
        ),
        (
            "reverse name",
            {("mail.rivers.example", "A"): ["10.0.0.5"]},
            "mind",
            "of its own network",
        ),
    ],
)
def test_each_thing_that_is_not_right_is_said_in_a_sentence(about, changes, state, words):
    finding = of(about, changes)[0]
    assert finding.state == state
    assert words in finding.sentence
    assert finding.remedy


@pytest.mark.parametrize(
    "record",
    [
        "v=spf1 ip4:8.8.4.0/24 -all",
        "v=spf1 mx:rivers.example ~all",
        "v=spf1 include:_spf.provider.example -all",
        "v=spf1 redirect=_spf.provider.example",
        "v=spf1 a:mail.rivers.example/24 -all",
        "V=SPF1 +a:mail.rivers.example -ALL",
    ],
)
def test_a_server_is_found_in_every_kind_of_spf_record(record):
    changes = {
        SPF: [f'"{record}"'],
        ("_spf.provider.example", "TXT"): ['"v=spf1 ip4:8.8.4.4 -all"'],
        ("mx.rivers.example", "A"): ["8.8.4.4"],
    }
    assert of("SPF", changes) == []


def test_an_spf_record_that_turns_in_a_circle_ends():
    changes = {
        SPF: ['"v=spf1 include:a.example -all"'],
        ("a.example", "TXT"): ['"v=spf1 include:rivers.example -all"'],
    }
    (finding,) = of("SPF", changes)
    assert "more than 10" in finding.sentence


def test_the_selector_is_asked_for_as_it_cannot_be_guessed():
    (finding,) = of("DKIM", selector="")
    assert "tell us the DKIM selector" in finding.remedy


def test_dmarc_of_the_domain_above_counts():
    config = Config(url="https://c.rivers.example", mail_from="p@c.rivers.example", mail_url="")
    assert of("DMARC", config=config) == []


def test_a_sender_elsewhere_than_the_site_is_worth_minding():
    config = Config(url="https://rivers.example", mail_from="us@bigmail.example")
    assert (
        of("sender", config=config)[0].remedy
        == "Use a sender at rivers.example, such as convoca@rivers.example"
    )


def test_name_servers_that_do_not_answer_are_one_sentence():
    class Silent:
        def resolve(self, qname, rdtype):
            raise dns.exception.Timeout

    last = list(look_up(CONFIG, names=Names(Silent())))[-1]
    assert (last.about, last.state) == ("name servers", "wrong")


def test_without_a_sender_there_is_nothing_to_look_up():
    (finding,) = look_up(Config(), names=Names(Dictionary({})))
    assert finding.remedy == "Set mail_from"


def test_a_name_of_this_machine_is_not_looked_up():
    resolver = Dictionary({})
    config = Config(mail_from="post@localhost")
    assert list(look_up(config, names=Names(resolver)))[-1].state == "mind"
    assert resolver.asked == 0
