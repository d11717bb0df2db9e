"""What other mail servers will find when they look us up: SPF, DKIM, DMARC, MX, reverse name.

Every sentence can be sent to whoever runs the domain or the mail server.
"""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Any, Protocol
from urllib.parse import urlsplit

import dns.exception
import dns.resolver
import dns.reversename

from convoca.cli.findings import Finding
from convoca.core.config import Config

MOST_LOOKUPS = 10
"""What SPF (RFC 7208) allows in all; servers refuse a record that needs more."""


class Resolver(Protocol):
    """As much of dnspython's resolver as is used; tests bring their own."""

    def resolve(self, qname: Any, rdtype: str) -> Any: ...


class NoAnswer(Exception):
    """The name servers could not be asked at all."""


@dataclass
class Names:
    """Look-ups that answer with plain strings; an empty list is "there is no such record"."""

    resolver: Resolver = field(default_factory=lambda: _patient())

    def texts(self, name: str) -> list[str]:
        found = self._ask(name, "TXT")
        return [b"".join(record.strings).decode("utf-8", "replace") for record in found]

    def hosts(self, name: str) -> list[str]:
        """MX hosts, the preferred first."""
        found = sorted(self._ask(name, "MX"), key=lambda record: int(record.preference))
        return [str(record.exchange).rstrip(".") for record in found]

    def addresses(self, name: str) -> list[str]:
        return [str(record) for kind in ("A", "AAAA") for record in self._ask(name, kind)]

    def reverse(self, address: str) -> list[str]:
        found = self._ask(dns.reversename.from_address(address), "PTR")
        return [str(record.target).rstrip(".") for record in found]

    def _ask(self, name: Any, kind: str) -> list[Any]:
        try:
            return list(self.resolver.resolve(name, kind))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.exception.DNSException as error:
            raise NoAnswer(f"{name} {kind}: {error}") from error


def _patient() -> dns.resolver.Resolver:
    try:
        resolver = dns.resolver.Resolver()
    except dns.exception.DNSException as error:
        raise NoAnswer(f"this machine knows none: {error}") from error
    resolver.lifetime = 8
    return resolver


def look_up(config: Config, *, selector: str = "", names: Names | None = None) -> Iterator[Finding]:
    """Ask the name servers about the sender's domain and the server that sends for it."""
    domain = parseaddr(config.mail_from)[1].rpartition("@")[2].lower()
    server = (urlsplit(config.mail_url).hostname or "").lower()
    if not domain:
        yield Finding("sender", "wrong", "mail_from is not an address.", "Set mail_from")
        return
    yield alignment(config, domain)
    if "." not in domain:
        yield Finding(
            "name servers", "mind", f"No name server knows {domain}.", "Set mail_from to a real one"
        )
        return
    try:
        names = names or Names()
        yield mx(names, domain)
        yield from spf(names, domain, server)
        yield dkim(names, domain, selector or config.dkim_selector)
        yield dmarc(names, domain)
        if server:
            yield from reverse_name(names, server)
    except NoAnswer as error:
        yield Finding(
            "name servers",
            "wrong",
            f"The name servers do not answer ({error}).",
            "Try again, or see /etc/resolv.conf",
        )


def alignment(config: Config, domain: str) -> Finding:
    """Readers, and filters, compare the sender with the links in the mail."""
    site = config.host.lower()
    if domain == site or site.endswith(f".{domain}") or domain.endswith(f".{site}"):
        return Finding("sender", "fine", f"Mail comes from {domain}, as the site {site} does.")
    return Finding(
        "sender",
        "mind",
        f"Mail comes from {domain}, its links lead to {site}: filters find that suspicious.",
        f"Use a sender at {site}, such as convoca@{site}",
    )


def mx(names: Names, domain: str) -> Finding:
    """Where answers and bounces go."""
    hosts = [host for host in names.hosts(domain) if host]
    if hosts:
        return Finding("MX", "fine", f"Answers to {domain} go to {hosts[0]}.")
    return Finding(
        "MX",
        "wrong",
        f"{domain} takes no mail: it has no MX record, and answers and bounces are lost.",
        f"Please publish an MX record for {domain} that names its mail server.",
    )


def spf(names: Names, domain: str, server: str) -> Iterator[Finding]:
    """Who may send for the domain."""
    records = [text for text in names.texts(domain) if _is_spf(text)]
    wanted = f"v=spf1 {_mechanism(server)} -all"
    if not records:
        yield Finding(
            "SPF",
            "wrong",
            f"{domain} does not say who may send its mail (no SPF record).",
            f"Please publish for {domain} the TXT record “{wanted}”, or what your provider names.",
        )
        return
    if len(records) > 1:
        yield Finding(
            "SPF",
            "wrong",
            f"{domain} has {len(records)} SPF records; then none of them counts.",
            f"Please join the SPF records of {domain} into one.",
        )
        return
    yield _spf_end(domain, records[0])
    if server:
        yield _spf_names(names, domain, server)


def _mechanism(server: str) -> str:
    """How a record names the server; what the world sees of an inner address is not known here."""
    try:
        address = ipaddress.ip_address(server)
    except ValueError:
        return f"a:{server}" if "." in server else "mx"
    return f"ip{address.version}:{address}" if address.is_global else "mx"


def _is_spf(text: str) -> bool:
    return text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")


def _spf_end(domain: str, record: str) -> Finding:
    words = record.lower().split()
    if "+all" in words or "all" in words:
        return Finding(
            "SPF",
            "wrong",
            f"The SPF record of {domain} allows everybody to send as it (“{record}”).",
            f"Please end the SPF record of {domain} with “-all”.",
        )
    if any(word in {"-all", "~all"} or word.startswith("redirect=") for word in words):
        return Finding("SPF", "fine", f"{domain} says who may send its mail.")
    return Finding(
        "SPF",
        "mind",
        f"The SPF record of {domain} does not say what to do with mail of others (“{record}”).",
        f"Please end the SPF record of {domain} with “~all” or “-all”.",
    )


def _spf_names(names: Names, domain: str, server: str) -> Finding:
    """Whether the record allows the server that we hand mail to, as far as that can be known."""
    addresses = names.addresses(server)
    if not addresses:
        return Finding(
            "SPF", "wrong", f"The mail server {server} has no address.", "Correct mail_url"
        )
    walk = _Walk(names)
    allowed = [address for address in addresses if walk.allows(domain, address)]
    if walk.lookups > MOST_LOOKUPS:
        return Finding(
            "SPF",
            "wrong",
            f"The SPF record of {domain} needs {walk.lookups} look-ups; more than "
            f"{MOST_LOOKUPS} make it void.",
            f"Please shorten the SPF record of {domain}.",
        )
    if allowed:
        return Finding("SPF", "fine", f"{server} may send for {domain}.")
    return Finding(
        "SPF",
        "mind",
        f"The SPF record of {domain} does not name {server} ({addresses[0]}). That is right only "
        "if its provider sends from other addresses, which the record names.",
        f"Please make sure that the SPF record of {domain} covers the servers that send for "
        f"{server}.",
    )


class _Walk:
    """Follows an SPF record through its includes, counting look-ups."""

    def __init__(self, names: Names) -> None:
        self.names, self.lookups = names, 0

    def allows(self, domain: str, address: str) -> bool:
        """Whether some mechanism that passes matches the address."""
        self.lookups = 0
        return self._allows(domain, ipaddress.ip_address(address))

    def _allows(self, domain: str, address: Any) -> bool:
        record = next((text for text in self.names.texts(domain) if _is_spf(text)), "")
        for word in record.split()[1:]:
            if word[0] in "-~?":
                continue
            if self._matches(word.lstrip("+"), domain, address):
                return True
        return False

    def _matches(self, word: str, domain: str, address: Any) -> bool:
        kind, _colon, value = word.partition("=" if word.startswith("redirect=") else ":")
        name, _slash, bits = kind.partition("/")
        if name.lower() in {"ip4", "ip6"}:
            try:
                return address in ipaddress.ip_network(value, strict=False)
            except ValueError:
                return False
        if name.lower() not in {"a", "mx", "include", "redirect"} or "%" in value:
            return False
        self.lookups += 1
        if self.lookups > MOST_LOOKUPS:
            return False
        if name.lower() in {"include", "redirect"}:
            return self._allows(value, address)
        host, _slash, bits = (value or f"{domain}/{bits}").partition("/")
        hosts = self.names.hosts(host) if name.lower() == "mx" else [host]
        return any(
            _within(address, found, bits) for one in hosts for found in self.names.addresses(one)
        )


def _within(address: Any, found: str, bits: str) -> bool:
    if not bits:
        return str(address) == found
    try:
        return address in ipaddress.ip_network(f"{found}/{bits.split('/')[0]}", strict=False)
    except ValueError:
        return False


def dkim(names: Names, domain: str, selector: str) -> Finding:
    """The signature that survives forwarding. Its place cannot be guessed: it has a selector."""
    if not selector:
        return Finding(
            "DKIM",
            "mind",
            "Whether mail is signed (DKIM) cannot be looked up without the selector: "
            "convoca check mail --selector NAME, or set dkim_selector.",
            f"Please sign mail from {domain} with DKIM, and tell us the DKIM selector.",
        )
    place = f"{selector}._domainkey.{domain}"
    keys = [text for text in names.texts(place) if "p=" in text.replace(" ", "")]
    if not keys:
        return Finding(
            "DKIM",
            "wrong",
            f"There is no key at {place}: receivers cannot verify our signature.",
            f"Please sign mail from {domain} and publish the key as a TXT record at {place}.",
        )
    if any("p=;" in key.replace(" ", "") + ";" for key in keys):
        return Finding(
            "DKIM",
            "wrong",
            f"The key at {place} was revoked.",
            f"Please publish a new key at {place}, or tell us the new selector.",
        )
    return Finding("DKIM", "fine", f"There is a key at {place}.")


def dmarc(names: Names, domain: str) -> Finding:
    """What receivers are asked to do with mail that only pretends to be ours."""
    for name in _upwards(domain):
        records = [t for t in names.texts(f"_dmarc.{name}") if t.lower().startswith("v=dmarc1")]
        if records:
            break
    else:
        return Finding(
            "DMARC",
            "wrong",
            f"{domain} has no DMARC record; large providers refuse or hide such mail.",
            f"Please publish at _dmarc.{domain} the TXT record “v=DMARC1; p=quarantine”.",
        )
    pairs = (part.partition("=") for part in records[0].split(";"))
    tags = {key.strip().lower(): value.strip().lower() for key, _is, value in pairs}
    policy = tags.get("p", "")
    if policy in {"quarantine", "reject"}:
        return Finding("DMARC", "fine", f"{name} asks receivers to {policy} what is forged.")
    return Finding(
        "DMARC",
        "mind",
        f"The DMARC record of {name} only watches (p={policy or 'missing'}).",
        f"When SPF and DKIM hold, please set p=quarantine in the DMARC record of {name}.",
    )


def _upwards(domain: str) -> Iterator[str]:
    labels = domain.split(".")
    for at in range(max(1, len(labels) - 1)):
        yield ".".join(labels[at:])


def reverse_name(names: Names, server: str) -> Iterator[Finding]:
    """An address that sends mail needs a name, and the name that address."""
    for address in names.addresses(server):
        if not ipaddress.ip_address(address).is_global:
            yield Finding(
                "reverse name",
                "mind",
                f"{server} is {address}, an address of its own network; what the world sees of it "
                "cannot be looked up from here.",
                "Check the reverse name of the address from which it sends",
            )
            continue
        found = names.reverse(address)
        if not found:
            yield Finding(
                "reverse name",
                "wrong",
                f"{address} ({server}) has no reverse name.",
                f"Please set the reverse name (PTR) of {address} to {server}.",
            )
        elif address not in [one for name in found for one in names.addresses(name)]:
            yield Finding(
                "reverse name",
                "wrong",
                f"The reverse name of {address} is {found[0]}, which has another address.",
                f"Please let {found[0]} resolve to {address}, or set its reverse name anew.",
            )
        else:
            yield Finding("reverse name", "fine", f"{address} is {found[0]}, both ways.")
