//! A connection to Redis that commands are sent over, made when it is first needed and again when
//! it is lost.

mod client;

use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, Cmd, FromRedisValue, RedisError};
use secrecy::SecretString;
use thiserror::Error;
use tokio::sync::Mutex;
use tokio::time::timeout;

/// Why Redis did not do what it was asked. Says nothing of the URL but where a fault is.
#[derive(Debug, Error)]
pub enum RedisLinkError {
    /// The URL is not one of Redis.
    #[error("the Redis URL is not valid")]
    Url(#[source] RedisError),
    /// The URL has the fragment `#insecure`.
    #[error("the Redis URL says #insecure: certificates are always checked")]
    Insecure,
    /// Redis cannot be reached or refused.
    #[error(transparent)]
    Redis(#[from] RedisError),
    /// Redis did not answer in this time.
    #[error("Redis did not answer within {0:?}")]
    Timeout(Duration),
}

/// One connection, shared by all who send commands.
pub(crate) struct RedisLink {
    client: Client,
    timeout: Duration,
    connection: Mutex<Option<MultiplexedConnection>>,
}

impl RedisLink {
    /// A link that has yet to connect; commands take `timeout` at most, connecting included.
    pub(crate) fn new(url: &SecretString, timeout: Duration) -> Result<Self, RedisLinkError> {
        Ok(Self {
            client: client::client(url)?,
            timeout,
            connection: Mutex::new(None),
        })
    }

    /// Where Redis is, for the log: no user, no password.
    pub(crate) fn address(&self) -> String {
        self.client.get_connection_info().addr().to_string()
    }

    /// The client, for connections of another kind.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Lets go of the connection.
    pub(crate) async fn close(&self) {
        self.connection.lock().await.take();
    }

    /// Sends a command, and once more if a connection from before turns out to be dead: it may
    /// have been so for long, and Redis be well. So every command may come twice.
    pub(crate) async fn query<T: FromRedisValue>(
        &self,
        command: &Cmd,
    ) -> Result<T, RedisLinkError> {
        match timeout(self.timeout, self.try_query(command)).await {
            Ok(result) => Ok(result?),
            Err(_) => Err(RedisLinkError::Timeout(self.timeout)),
        }
    }

    async fn try_query<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, RedisError> {
        loop {
            let (mut connection, reused) = self.connection().await?;
            let result = command.query_async(&mut connection).await;
            if result.is_err() {
                self.close().await;
            }
            if result.is_ok() || !reused {
                return result;
            }
        }
    }

    /// The connection, and whether it is one from before.
    async fn connection(&self) -> Result<(MultiplexedConnection, bool), RedisError> {
        let mut kept = self.connection.lock().await;
        if let Some(connection) = &*kept {
            return Ok((connection.clone(), true));
        }
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(self.timeout))
            // Half, so that there is time for the second try.
            .set_response_timeout(Some(self.timeout / 2));
        let connection = self
            .client
            .get_multiplexed_async_connection_with_config(&config)
            .await?;
        *kept = Some(connection.clone());
        Ok((connection, false))
    }
}
