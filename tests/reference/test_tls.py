"""Certificate authorities: for one run, and kept in a folder."""

import ssl
import stat
from pathlib import Path

import pytest
from cryptography import x509

from uma_reference.tls import kept_authority, make_authority


def test_a_kept_authority_is_the_same_the_next_time(tmp_path: Path) -> None:
    first = kept_authority(tmp_path / "kept").certificate_file.read_bytes()
    assert kept_authority(tmp_path / "kept").certificate_file.read_bytes() == first


def test_its_key_is_for_the_user_alone(tmp_path: Path) -> None:
    kept_authority(tmp_path)
    assert stat.S_IMODE((tmp_path / "ca.key").stat().st_mode) == 0o600


def test_it_issues_certificates_that_its_own_certificate_vouches_for(tmp_path: Path) -> None:
    kept_authority(tmp_path)
    again = kept_authority(tmp_path)
    issued = again.issue("localhost", "127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(issued.certificate_file, issued.key_file)
    authority = x509.load_pem_x509_certificate(again.certificate_file.read_bytes())
    server = x509.load_pem_x509_certificate(issued.certificate_file.read_bytes())
    server.verify_directly_issued_by(authority)
    assert server.issuer == authority.subject


def test_files_that_are_no_pair_are_named(tmp_path: Path) -> None:
    kept_authority(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    make_authority(other)
    (tmp_path / "ca.pem").write_bytes((other / "ca.pem").read_bytes())
    with pytest.raises(ValueError, match=r"ca\.key is not the key of .*ca\.pem; remove both"):
        kept_authority(tmp_path)


@pytest.mark.parametrize("name", ["ca.pem", "ca.key"])
def test_a_file_that_is_no_pem_is_named(tmp_path: Path, name: str) -> None:
    kept_authority(tmp_path)
    (tmp_path / name).write_text("not PEM")
    with pytest.raises(ValueError, match=r"in PEM form; remove both"):
        kept_authority(tmp_path)


def test_an_authority_for_one_run_leaves_no_key_behind(tmp_path: Path) -> None:
    make_authority(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["ca.pem"]
