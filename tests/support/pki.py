"""Certificates for tests: an authority, a broker on loopback, and whoever is named."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from edge.wire.connection import TlsFiles

BEFORE = datetime(2020, 1, 1, tzinfo=UTC)
AFTER = BEFORE + timedelta(days=36_500)


@dataclass(frozen=True, slots=True)
class Authority:
    """Signs certificates; its files lie in `directory`."""

    directory: Path
    name: str
    key: ec.EllipticCurvePrivateKey

    @property
    def ca(self) -> Path:
        return self.directory / f"{self.name}.pem"

    def broker(self) -> TlsFiles:
        """The broker's certificate, for 127.0.0.1."""
        return self._issue("broker", ExtendedKeyUsageOID.SERVER_AUTH)

    def client(self, name: str, until: datetime = AFTER) -> TlsFiles:
        """A box's or a worker's certificate; `name` is its common name."""
        return self._issue(name, ExtendedKeyUsageOID.CLIENT_AUTH, until)

    def revoked(self, *certificates: TlsFiles) -> Path:
        """A list of those that are good no more."""
        listed = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(_named(self.name))
            .last_update(BEFORE)
            .next_update(AFTER)
        )
        for files in certificates:
            found = x509.load_pem_x509_certificate(files.cert.read_bytes())
            revoked = (
                x509.RevokedCertificateBuilder()
                .serial_number(found.serial_number)
                .revocation_date(BEFORE)
                .build()
            )
            listed = listed.add_revoked_certificate(revoked)
        path = self.directory / f"{self.name}-revoked.pem"
        signed = listed.sign(self.key, hashes.SHA256())
        path.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        return path

    def _issue(self, name: str, usage: x509.ObjectIdentifier, until: datetime = AFTER) -> TlsFiles:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            x509.CertificateBuilder()
            .subject_name(_named(name))
            .issuer_name(_named(self.name))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(BEFORE)
            .not_valid_after(until)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
                critical=False,
            )
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]),
                critical=False,
            )
            .sign(self.key, hashes.SHA256())
        )
        files = TlsFiles(
            ca=self.ca,
            cert=self.directory / f"{self.name}-{name}.pem",
            key=self.directory / f"{self.name}-{name}.key",
        )
        files.cert.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        files.key.write_bytes(_pem(key))
        return files


def make_authority(directory: Path, name: str = "authority") -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    authority = Authority(directory, name, key)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEFORE)
        .not_valid_after(AFTER)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    authority.ca.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return authority


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
