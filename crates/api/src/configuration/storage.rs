//! Section `storage`: the data directory and where media are kept.

use std::path::PathBuf;

use secrecy::SecretString;
use url::Url;

use super::address::BaseUrl;
use super::reader::Reader;

/// Where things are kept.
#[derive(Clone, Debug)]
pub struct Storage {
    /// Database, media, made secrets, undelivered mails. May be relative to the working directory.
    pub data_dir: PathBuf,
    /// Where pictures are kept.
    pub media: Media,
}

/// Where pictures are kept.
#[derive(Clone, Debug)]
pub enum Media {
    /// In a folder of this machine.
    Folder(PathBuf),
    /// In an object store.
    S3(S3),
}

/// An object store that speaks S3.
#[derive(Clone, Debug)]
pub struct S3 {
    /// The bucket.
    pub bucket: String,
    /// What all keys begin with: empty, or without a slash at either end.
    pub prefix: String,
    /// Where the store is, where it is not Amazon's.
    pub endpoint: Option<BaseUrl>,
    /// The region; `us-east-1` where none is set, which is what other stores than Amazon's expect.
    pub region: String,
    /// The pair of keys. Without it the machine's own role is asked.
    pub credentials: Option<S3Credentials>,
}

/// A pair of keys of an object store.
#[derive(Clone, Debug)]
pub struct S3Credentials {
    /// The public half.
    pub access_key_id: String,
    /// The secret half.
    pub secret_access_key: SecretString,
}

impl Storage {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let data_dir = PathBuf::from(reader.required("storage.data_dir"));
        let folder = reader.text("storage.media_dir").map(PathBuf::from);
        let s3 = S3::read(reader);
        if s3.is_some() && folder.is_some() {
            reader.warn(
                "storage.media_dir",
                "is not used: media are kept in the object store",
            );
        }
        let media = s3.map_or_else(
            || Media::Folder(folder.unwrap_or_else(|| data_dir.join("media"))),
            Media::S3,
        );
        Self { data_dir, media }
    }

    /// The file in which the secrets of a development installation are kept.
    pub fn secrets_file(&self) -> PathBuf {
        self.data_dir.join("secrets.toml")
    }

    /// The file in which this node keeps what the recommender learned.
    pub fn snapshot_file(&self) -> PathBuf {
        self.data_dir.join("recommender.snapshot")
    }

    /// The folder for mails (`.eml`) while no mail server is configured.
    pub fn mail_dir(&self) -> PathBuf {
        self.data_dir.join("mail")
    }
}

impl S3 {
    fn read(reader: &mut Reader) -> Option<Self> {
        let url = reader.text("storage.media_url");
        let endpoint = reader.parsed("storage.s3_endpoint");
        let region = reader.text("storage.s3_region");
        let id = reader.text("storage.s3_access_key_id");
        let secret = reader.secret("storage.s3_secret_access_key");
        let url = match Url::parse(&url?) {
            Ok(url) if url.scheme() == "s3" && url.has_host() => url,
            _ => {
                reader.fault(
                    "storage.media_url",
                    "must be s3://BUCKET or s3://BUCKET/PREFIX",
                );
                return None;
            }
        };
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
            reader.fault("storage.media_url", "must hold no credentials and no query; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
        }
        let credentials = match (id, secret) {
            (Some(access_key_id), Some(secret_access_key)) => Some(S3Credentials {
                access_key_id,
                secret_access_key,
            }),
            (None, None) => None,
            (Some(_), None) => {
                reader.fault(
                    "storage.s3_secret_access_key",
                    "is missing: the other half of the pair is set",
                );
                None
            }
            (None, Some(_)) => {
                reader.fault(
                    "storage.s3_access_key_id",
                    "is missing: the other half of the pair is set",
                );
                None
            }
        };
        Some(Self {
            bucket: url.host_str().unwrap_or_default().to_owned(),
            prefix: url.path().trim_matches('/').to_owned(),
            endpoint,
            region: region.unwrap_or_else(|| "us-east-1".to_owned()),
            credentials,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::testing::{faults, loaded};
    use super::*;

    #[test]
    fn media_are_in_the_data_directory_or_the_media_root() {
        let folder = |pairs| match loaded(pairs).storage.media {
            Media::Folder(folder) => folder,
            Media::S3(_) => PathBuf::new(),
        };
        assert_eq!(
            folder(&[("ENSEMBLE__STORAGE__DATA_DIR", "/tmp/d")]),
            Path::new("/tmp/d/media")
        );
        assert_eq!(folder(&[("MEDIA_ROOT", "/srv/m")]), Path::new("/srv/m"));
    }

    #[test]
    fn an_s3_url_puts_media_in_a_bucket() {
        let storage = loaded(&[
            ("ENSEMBLE__STORAGE__MEDIA_URL", "s3://shop-media/pictures/"),
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:9000"),
            ("AWS_ACCESS_KEY_ID", "id"),
            ("AWS_SECRET_ACCESS_KEY", "hunter2"),
        ])
        .storage;
        let Media::S3(s3) = storage.media else {
            unreachable!("media are in a bucket");
        };
        assert_eq!(
            (s3.bucket.as_str(), s3.prefix.as_str(), s3.region.as_str()),
            ("shop-media", "pictures", "us-east-1")
        );
        assert!(s3.credentials.is_some() && s3.endpoint.is_some());
    }

    #[test]
    fn other_stores_and_half_a_pair_are_faults() {
        assert_eq!(
            faults(&[("ENSEMBLE__STORAGE__MEDIA_URL", "gs://x")]).len(),
            1
        );
        let half = [
            ("ENSEMBLE__STORAGE__MEDIA_URL", "s3://x"),
            ("AWS_ACCESS_KEY_ID", "id"),
        ];
        assert!(faults(&half)[0].name.contains("AWS_SECRET_ACCESS_KEY"));
        // A developer's shell may hold half a pair that has nothing to do with us.
        loaded(&[("AWS_ACCESS_KEY_ID", "id")]);
    }
}
