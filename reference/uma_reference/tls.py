"""Certificate authorities of our own, for one run or kept in a folder, and server certificates."""

import ipaddress
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_VALID = timedelta(days=7)
_KEPT = timedelta(days=3650)
# What is left of a kept authority's time when another one is made.
_REMAINING = timedelta(days=30)
_SERVED = timedelta(days=90)
_RUN_NAME, _LOCAL_NAME = "UMA test authority", "uma2 local authority"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A server certificate and its private key, as PEM files."""

    certificate_file: Path
    key_file: Path


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate authority; unless it is a kept one, its key lives no longer than this value."""

    folder: Path
    certificate_file: Path
    _certificate: x509.Certificate
    _key: ec.EllipticCurvePrivateKey
    _valid: timedelta = _VALID

    def issue(self, *names: str) -> Certificate:
        """Issue a server certificate for host names and IP addresses."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            _builder(names[0], self._certificate.subject, key, self._valid)
            .add_extension(x509.SubjectAlternativeName([_name(name) for name in names]), False)  # noqa: FBT003 - critical
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
                critical=False,
            )
            .sign(self._key, hashes.SHA256())
        )
        issued = Certificate(self.folder / "server.pem", self.folder / "server.key")
        issued.certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        _write_key(issued.key_file, key)
        return issued


def make_authority(folder: Path) -> Authority:
    """Make an authority and write its certificate, `ca.pem`, to a folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _self_signed(_RUN_NAME, key, _VALID)
    path = folder / "ca.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return Authority(folder, path, certificate, key)


def kept_authority(folder: Path) -> Authority:
    """Return the authority of a folder, made when there is none or its time runs out.

    Its certificate is `ca.pem`, its key `ca.key`, for the user alone. Raise `ValueError` for files
    that are no such pair, and `OSError` when they cannot be read or written.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path, key_path = folder / "ca.pem", folder / "ca.key"
    if path.exists() and key_path.exists():
        found = _read_pair(path, key_path)
        if found is not None:
            return Authority(folder, path, *found, _SERVED)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _self_signed(_LOCAL_NAME, key, _KEPT)
    _write_key(key_path, key)
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return Authority(folder, path, certificate, key, _SERVED)


def _read_pair(
    path: Path, key_path: Path
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None:
    """Return certificate and key, `None` when the time of the certificate runs out."""
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        key = serialization.load_pem_private_key(key_path.read_bytes(), password=None)
    except (ValueError, TypeError):
        raise ValueError(
            f"{path} and {key_path} are no certificate and key in PEM form; remove both"
        ) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or (
        key.public_key() != certificate.public_key()
    ):
        raise ValueError(f"{key_path} is not the key of {path}; remove both")
    ends = certificate.not_valid_after_utc
    return (certificate, key) if ends > datetime.now(UTC) + _REMAINING else None


def _self_signed(name: str, key: ec.EllipticCurvePrivateKey, valid: timedelta) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        crl_sign=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        _builder(name, _subject(name), key, valid)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _builder(
    name: str, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, valid: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_subject(name))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + valid)
    )


def _subject(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    text = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(text)
