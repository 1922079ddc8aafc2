//! Files of pictures: in a folder, or in an object store that speaks S3.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use domain::persona::{MediaStore, MediaStoreError};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Name;
use object_store::{ClientOptions, Error, ObjectStore, ObjectStoreExt, RetryConfig};
use secrecy::{ExposeSecret, SecretString};

use crate::private::create_dir;

/// How long an object store may take for one file.
const TIMEOUT: Duration = Duration::from_secs(15);
/// How often it is asked again.
const RETRIES: usize = 3;

/// How an object store is reached.
#[derive(Clone, Debug)]
pub struct S3Access {
    /// The bucket.
    pub bucket: String,
    /// What all names begin with: empty, or without a slash at either end.
    pub prefix: String,
    /// Where the store is, where it is not Amazon's.
    pub endpoint: Option<String>,
    /// The region.
    pub region: String,
    /// The two halves of the pair of keys; without it the machine's own role is asked.
    pub credentials: Option<(String, SecretString)>,
}

/// [`MediaStore`] over a folder or an object store.
#[derive(Clone, Debug)]
pub struct ObjectFiles {
    store: Arc<dyn ObjectStore>,
    prefix: Name,
}

impl ObjectFiles {
    /// Files in a folder, which is made where it is not there.
    ///
    /// # Errors
    /// Where the folder cannot be made or looked into.
    pub fn in_folder(folder: &Path) -> Result<Self, MediaStoreError> {
        create_dir(folder).map_err(failed)?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(failed)?;
        Ok(Self {
            store: Arc::new(store),
            prefix: Name::default(),
        })
    }

    /// Files in a bucket. Nothing is asked of it yet.
    ///
    /// # Errors
    /// Where the settings are not enough.
    pub fn in_bucket(access: &S3Access) -> Result<Self, MediaStoreError> {
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&access.bucket)
            .with_region(&access.region)
            // Not every store knows how to delete many at once.
            .with_disable_bulk_delete(true)
            .with_client_options(ClientOptions::new().with_timeout(TIMEOUT))
            .with_retry(RetryConfig {
                max_retries: RETRIES,
                retry_timeout: TIMEOUT,
                ..RetryConfig::default()
            });
        if let Some(endpoint) = &access.endpoint {
            builder = builder
                .with_endpoint(endpoint.trim_end_matches('/'))
                .with_allow_http(endpoint.starts_with("http:"));
        }
        if let Some((id, secret)) = &access.credentials {
            builder = builder
                .with_access_key_id(id)
                .with_secret_access_key(secret.expose_secret());
        }
        Ok(Self {
            store: Arc::new(builder.build().map_err(failed)?),
            prefix: Name::from(access.prefix.as_str()),
        })
    }

    fn named(&self, name: &str) -> Name {
        let parts = self.prefix.parts();
        let own = Name::from(name);
        parts.chain(own.parts()).collect()
    }
}

fn failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> MediaStoreError {
    MediaStoreError(error.into())
}

#[async_trait]
impl MediaStore for ObjectFiles {
    async fn put(&self, name: &str, content: Bytes) -> Result<(), MediaStoreError> {
        let put = self.store.put(&self.named(name), content.into()).await;
        put.map(|_| ()).map_err(failed)
    }

    async fn get(&self, name: &str) -> Result<Option<Bytes>, MediaStoreError> {
        match self.store.get(&self.named(name)).await {
            Ok(found) => found.bytes().await.map(Some).map_err(failed),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    async fn delete(&self, name: &str) -> Result<(), MediaStoreError> {
        match self.store.delete(&self.named(name)).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn files_are_written_read_and_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = ObjectFiles::in_folder(&folder.path().join("media")).expect("a store");
        for name in ["a.png", "thumbnails/a.png.w64"] {
            assert_eq!(files.get(name).await.expect("a look"), None);
            for content in [b"one".as_slice(), b"two"] {
                let put = files.put(name, Bytes::from_static(content)).await;
                put.expect("it is written");
                let found = files.get(name).await.expect("a look");
                assert_eq!(found.as_deref(), Some(content));
            }
            for _ in 0..2 {
                files.delete(name).await.expect("it is removed");
                assert_eq!(files.get(name).await.expect("a look"), None);
            }
        }
    }

    #[tokio::test]
    async fn of_many_who_write_one_file_none_is_seen_half_way() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = ObjectFiles::in_folder(folder.path()).expect("a store");
        let content = Bytes::from(vec![7; 300_000]);
        let writing = (0..20).map(|_| {
            let (files, content) = (files.clone(), content.clone());
            tokio::spawn(async move {
                files
                    .put("a", content.clone())
                    .await
                    .expect("it is written");
                let found = files.get("a").await.expect("a look");
                assert_eq!(found, Some(content));
            })
        });
        for writer in writing.collect::<Vec<_>>() {
            writer.await.expect("a writer");
        }
        let left = std::fs::read_dir(folder.path()).expect("a folder");
        assert_eq!(left.count(), 1);
    }
}
