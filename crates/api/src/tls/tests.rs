use std::fs;

use rcgen::{CertifiedKey as Made, generate_simple_self_signed};
use tempfile::TempDir;

use super::*;

/// A folder with a pair in it.
struct Folder {
    folder: TempDir,
    files: TlsFiles,
}

fn made() -> Made<rcgen::KeyPair> {
    generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate")
}

impl Folder {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let files = TlsFiles {
            certificate: folder.path().join("tls.crt"),
            key: folder.path().join("tls.key"),
        };
        let folder = Self { folder, files };
        folder.renew();
        folder
    }

    fn renew(&self) {
        let made = made();
        self.write(&made.cert.pem(), &made.signing_key.serialize_pem());
    }

    fn write(&self, certificate: &str, key: &str) {
        fs::write(&self.files.certificate, certificate).expect("written");
        fs::write(&self.files.key, key).expect("written");
    }

    fn refused(&self) -> String {
        let error = Certificate::read(&self.files).expect_err("it cannot be used");
        let told = error.to_string();
        assert!(
            told.contains(&*self.folder.path().to_string_lossy()),
            "{told}"
        );
        told
    }
}

#[test]
fn what_cannot_be_served_is_told_by_file() {
    let folder = Folder::new();
    let pair = Certificate::read(&folder.files).expect("a pair");
    assert!(pair.server().is_ok());
    let (one, other) = (made(), made());
    let (certificate, key) = (one.cert.pem(), one.signing_key.serialize_pem());
    for (certificate, key, told) in [
        (certificate.as_str(), "", "holds no private key"),
        ("", key.as_str(), "holds no certificate"),
        (key.as_str(), certificate.as_str(), "holds no certificate"),
        (
            certificate.as_str(),
            other.signing_key.serialize_pem().as_str(),
            "does not belong",
        ),
        (
            "-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n",
            key.as_str(),
            "cannot be used",
        ),
    ] {
        folder.write(certificate, key);
        let refused = folder.refused();
        assert!(refused.contains(told), "{told} is not in {refused}");
    }
    fs::remove_file(&folder.files.key).expect("removed");
    assert!(folder.refused().contains("cannot be read"));
}

#[test]
fn a_renewed_pair_is_taken_and_a_broken_one_is_not() {
    let folder = Folder::new();
    let certificate = Certificate::read(&folder.files).expect("a pair");
    let shown = || certificate.current.load().cert.clone();
    let first = shown();
    let mut seen = None;
    certificate.look(&mut seen);
    assert_eq!(shown(), first);

    folder.renew();
    certificate.look(&mut seen);
    let second = shown();
    assert_ne!(second, first);

    folder.write(&made().cert.pem(), &made().signing_key.serialize_pem());
    certificate.look(&mut seen);
    fs::remove_file(&folder.files.certificate).expect("removed");
    certificate.look(&mut seen);
    assert_eq!(shown(), second, "a broken pair changes nothing");

    folder.renew();
    certificate.look(&mut seen);
    assert_ne!(shown(), second, "and the next good one is taken");
}

#[test]
fn no_key_is_shown() {
    let folder = Folder::new();
    let certificate = Certificate::read(&folder.files).expect("a pair");
    let key = fs::read_to_string(&folder.files.key).expect("a key");
    let line = key.lines().nth(1).expect("a line");
    assert!(!format!("{certificate:?}").contains(line));
}
