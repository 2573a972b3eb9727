"""The openssl commands that do what a conversion does, for those who know kb39324's list.

They hold no option that came after openssl 1.0.2, but for `-legacy`, which openssl 3 alone needs and knows.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from typing import NamedTuple

from cryptography.hazmat.primitives.serialization import Encoding

from sitecert.convert.inputs import Input, InputForm
from sitecert.convert.outputs import AUTHORITIES, CERTIFICATE, PRIVATE_KEY
from sitecert.convert.wish import Target, Wish
from sitecert.pki.formats.pfx_writing import Compatibility

PFX_ALGORITHMS = {
    Compatibility.MODERN: "-keypbe AES-256-CBC -certpbe AES-256-CBC -macalg sha256",
    Compatibility.WINDOWS_2016: "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1",
}
"""openssl writes RC2 with 40 bits for certificates up to 1.1.1, and AES from 3.0 on, unless it is told."""


@dataclass(frozen=True, slots=True)
class Passwords:
    """Paths of the files that hold secrets; where there is none, openssl asks.

    `given` opens the inputs, `made` protects the output, `identity` opens age's files; `in_the_clear` says
    that the output is not protected.
    """

    given: str | None = None
    made: str | None = None
    identity: str | None = None
    in_the_clear: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """What the commands are to do: `count` certificates and a key, if `has_key`, from inputs to an output."""

    inputs: tuple[Input, ...]
    wish: Wish
    output: str
    count: int
    has_key: bool
    alias: str
    passwords: Passwords


class Step(NamedTuple):
    """Commands, the PEM file that holds what they find, and what they leave to be removed."""

    path: str
    lines: tuple[str, ...] = ()
    temporary: tuple[str, ...] = ()


def openssl_commands(job: Job, *, legacy: bool) -> tuple[str, ...]:
    """Return the commands for openssl 3, where `legacy`, or for those before."""
    opening, removed, job = _open_keystores(job)
    lines = (*opening, *(_split(job, legacy=legacy) if job.wish.split else _convert(job, legacy=legacy)))
    return (
        *(("umask 077",) if job.has_key else ()),
        *lines,
        *((f"rm {' '.join(removed)}",) if removed else ()),
    )


def _convert(job: Job, *, legacy: bool) -> tuple[str, ...]:
    sole = job.inputs[0] if len(job.inputs) == 1 else None
    is_whole_pem = job.wish.target in {Target.PEM, Target.CRT} and not job.wish.leaf_only
    if sole and sole.form is InputForm.PFX and is_whole_pem:
        what = _key_cipher(job) if job.has_key else " -nokeys"
        return (f"{_pkcs12(job, sole, legacy=legacy)}{what} -out {_quote(job.output)}",)
    direct = is_whole_pem and sole and sole.form is not InputForm.PEM and not job.has_key
    certificates = _certificates(job, job.output if direct else "", legacy=legacy)
    key = _key(job, legacy=legacy) if job.has_key else Step("")
    final = _final(job, certificates.path, key.path) if not direct else ()
    left = (*certificates.temporary, *key.temporary)
    return (*certificates.lines, *key.lines, *final, *((f"rm {' '.join(left)}",) if left else ()))


def _split(job: Job, *, legacy: bool) -> tuple[str, ...]:
    """Return the commands that part a PFX; others are refused before."""
    folder, read = job.output, _pkcs12(job, job.inputs[0], legacy=legacy)
    lines = [f"mkdir {_quote(folder)}", f"{read} -clcerts -nokeys -out {_quote(f'{folder}/{CERTIFICATE}')}"]
    if job.count > 1:
        lines.append(f"{read} -cacerts -nokeys -out {_quote(f'{folder}/{AUTHORITIES}')}")
    if job.has_key:
        lines.append(f"{read} -nocerts{_key_cipher(job)} -out {_quote(f'{folder}/{PRIVATE_KEY}')}")
    return tuple(lines)


def _open_keystores(job: Job) -> tuple[tuple[str, ...], tuple[str, ...], Job]:
    """Return keytool's commands, what they leave, and the job with PKCS#12 in the place of keystores."""
    lines, made, inputs = [], [], []
    for number, each in enumerate(job.inputs, 1):
        if each.form is not InputForm.KEYSTORE:
            inputs.append(each)
            continue
        path = f"{job.output}.{number}.p12"
        given = job.passwords.given
        secrets = f" -srcstorepass:file {_quote(given)} -deststorepass:file {_quote(given)}" if given else ""
        store = f"-srckeystore {_quote(each.path)} -destkeystore {_quote(path)} -deststoretype PKCS12"
        lines.append(f"keytool -importkeystore {store}{secrets}")
        made.append(_quote(path))
        inputs.append(replace(each, path=path, form=InputForm.PFX))
    return tuple(lines), tuple(made), replace(job, inputs=tuple(inputs))


def _certificates(job: Job, target: str, *, legacy: bool) -> Step:
    """Return how the certificates become one PEM file, at `target` where one is named."""
    lines, paths, temporary = [], [], []
    holding = [each for each in job.inputs if each.has_certificates]
    for number, each in enumerate(holding, 1):
        if each.form is InputForm.PEM:
            paths.append(_quote(each.path))
            continue
        path = _quote(target or f"{job.output}.{number}.pem")
        lines.append(f"{_reading_certificates(job, each, legacy=legacy)} -out {path}")
        paths.append(path)
        temporary += [] if target else [path]
    found = "".join(paths[:1])
    if len(paths) > 1:
        found = _quote(f"{job.output}.all.pem")
        lines.append(f"cat {' '.join(paths)} > {found}")
        temporary.append(found)
    if job.wish.leaf_only and job.wish.target in {Target.P7B, Target.PFX}:
        leaf = _quote(f"{job.output}.leaf.pem")
        lines.append(f"openssl x509 -in {found} -out {leaf}")
        found = leaf
        temporary.append(leaf)
    return Step(found, tuple(lines), tuple(temporary))


def _reading_certificates(job: Job, each: Input, *, legacy: bool) -> str:
    if each.form is InputForm.CERTIFICATE_DER:
        return f"openssl x509 -inform der -in {_quote(each.path)}"
    if each.form is InputForm.PFX:
        return f"{_pkcs12(job, each, legacy=legacy)} -nokeys"
    inform = " -inform der" if each.form is InputForm.P7B_DER else ""
    return f"openssl pkcs7{inform} -print_certs -in {_quote(each.path)}"


def _key(job: Job, *, legacy: bool) -> Step:
    """Return how the key becomes one PEM file; it is in the clear until it is removed."""
    each = _key_input(job)
    if each.form is InputForm.PEM:
        return Step(_quote(each.path))
    path, source = _quote(f"{job.output}.key.pem"), _quote(each.path)
    if each.form is InputForm.AGE:
        line = f"age -d -i {_quote(job.passwords.identity or 'IDENTITY')} {source} > {path}"
    elif each.form is InputForm.PFX:
        line = f"{_pkcs12(job, each, legacy=legacy)} -nocerts -nodes -out {path}"
    elif each.is_locked:
        line = f"openssl pkcs8 -inform der -in {source}{_passin(job, each)} -out {path}"
    else:
        line = f"openssl pkey -inform der -in {source} -out {path}"
    return Step(path, (line,), (path,))


def _final(job: Job, certificates: str, key: str) -> tuple[str, ...]:
    """Return the commands that write the output from PEM files."""
    output = _quote(job.output)
    if job.wish.target is Target.P7B:
        form = " -outform der" if job.wish.encoding is Encoding.DER else ""
        return (f"openssl crl2pkcs7 -nocrl -certfile {certificates}{form} -out {output}",)
    if job.wish.target is Target.PFX:
        secrets = f"{_opening_key(job)}{_passout(job)}"
        names = f" -name {_quote(job.alias)} {PFX_ALGORITHMS[job.wish.compatibility]}"
        return (f"openssl pkcs12 -export -in {certificates} -inkey {key}{names}{secrets} -out {output}",)
    if job.wish.target is Target.DER and certificates:
        return (f"openssl x509 -outform der -in {certificates} -out {output}",)
    lines = []
    if certificates and job.count == 1:
        lines.append(f"openssl x509 -in {certificates} -out {output}")
    elif certificates:
        opened = f"openssl crl2pkcs7 -nocrl -certfile {certificates}"
        lines.append(f"{opened} | openssl pkcs7 -print_certs -out {output}")
    if key:
        form = " -outform der" if job.wish.target is Target.DER else ""
        cipher = " -nocrypt" if job.passwords.in_the_clear else f" -v2 aes-256-cbc{_passout(job)}"
        secrets = f"{_opening_key(job)}{cipher}"
        where = f">> {output}" if certificates else f"-out {output}"
        lines.append(f"openssl pkcs8 -topk8{form} -in {key}{secrets} {where}")
    return tuple(lines)


def _opening_key(job: Job) -> str:
    """Return how the key's file is opened; what was made of another form lies in the clear."""
    each = _key_input(job)
    return _passin(job, each) if each.form is InputForm.PEM else ""


def _key_input(job: Job) -> Input:
    return next(each for each in job.inputs if each.has_key)


def _pkcs12(job: Job, each: Input, *, legacy: bool) -> str:
    old = " -legacy" if legacy and each.needs_legacy else ""
    return f"openssl pkcs12{old} -in {_quote(each.path)}{_passin(job, each)}"


def _key_cipher(job: Job) -> str:
    return " -nodes" if job.passwords.in_the_clear else _passout(job)


def _passin(job: Job, each: Input) -> str:
    given = job.passwords.given
    is_asked = each.is_locked or each.form is InputForm.PFX
    return f" -passin {_quote(f'file:{given}')}" if given and is_asked else ""


def _passout(job: Job) -> str:
    """Return where the passphrase comes from; of one file for both, openssl would take the second line."""
    made = job.passwords.made
    return f" -passout {_quote(f'file:{made}')}" if made and made != job.passwords.given else ""


def _quote(path: str) -> str:
    """Return a path as one word of a shell that no program takes for an option."""
    return shlex.quote(f"./{path}" if path.startswith("-") else path)
