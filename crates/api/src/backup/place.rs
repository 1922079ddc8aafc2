//! Where a database server is, told to its own programs without a word on the command line: that
//! is everybody's to read while they run.

use std::fmt::Write as _;
use std::process::Command;

use url::Url;

use super::Failure;

/// What a connection URL says. It has no `Debug`, which would show the password.
pub(super) struct Place {
    host: String,
    port: Option<u16>,
    user: String,
    password: Option<String>,
    /// The database's name.
    pub(super) database: String,
    parameters: Vec<(String, String)>,
}

impl Place {
    /// Reads a URL as the drivers do. Its errors do not repeat it.
    pub(super) fn parse(url: &str) -> Result<Self, Failure> {
        let url = Url::parse(url).map_err(|error| format!("the database's URL: {error}"))?;
        let decoded = |text: &str| decoded(text).ok_or("the database's URL holds no UTF-8");
        let host = url.host_str().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let parameters = url.query_pairs();
        let parameters =
            parameters.map(|(name, value)| (name.replace('-', ""), value.into_owned()));
        let mut place = Self {
            host: decoded(host)?,
            port: url.port(),
            user: decoded(url.username())?,
            password: url.password().map(decoded).transpose()?,
            database: decoded(url.path().trim_start_matches('/'))?,
            parameters: parameters.collect(),
        };
        // PostgreSQL's URLs may say all of it in the query.
        for (name, value) in place.parameters.clone() {
            match name.as_str() {
                "host" | "hostaddr" => place.host = value,
                "port" => place.port = value.parse().ok(),
                "user" => place.user = value,
                "password" => place.password = Some(value),
                "dbname" => place.database = value,
                _ => {}
            }
        }
        Ok(place)
    }

    fn parameter(&self, names: &[&str]) -> Option<&str> {
        let mut all = self.parameters.iter().rev();
        all.find(|(name, _)| names.contains(&name.as_str()))
            .map(|(_, value)| value.as_str())
    }

    /// Tells one of PostgreSQL's programs, by its environment.
    pub(super) fn tell_postgres(&self, command: &mut Command) {
        // What the URL does not say comes from where the driver takes it, too: PGPASSWORD, ~/.pgpass.
        // These would send the program elsewhere.
        for name in ["PGSERVICE", "PGSERVICEFILE", "PGHOSTADDR"] {
            command.env_remove(name);
        }
        let port = self.port.map(|port| port.to_string());
        let said = [
            ("PGHOST", Some(self.host.as_str())),
            ("PGPORT", port.as_deref()),
            ("PGUSER", Some(self.user.as_str())),
            ("PGPASSWORD", self.password.as_deref()),
            ("PGDATABASE", Some(self.database.as_str())),
            ("PGSSLMODE", self.parameter(&["sslmode"])),
            ("PGSSLROOTCERT", self.parameter(&["sslrootcert", "sslca"])),
            ("PGSSLCERT", self.parameter(&["sslcert"])),
            ("PGSSLKEY", self.parameter(&["sslkey"])),
        ];
        for (name, value) in said {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                command.env(name, value);
            }
        }
    }

    /// What `--dbname` of PostgreSQL's programs takes: only the name.
    pub(super) fn postgres_name(&self) -> String {
        let name = self.database.replace('\\', "\\\\").replace('\'', "\\'");
        format!("dbname='{name}'")
    }

    /// The option file for one of MySQL's or MariaDB's programs.
    ///
    /// # Errors
    /// Where something cannot be said in such a file.
    pub(super) fn mysql_options(&self) -> Result<String, Failure> {
        let mut file = "[client]\n".to_owned();
        let mut say = |name: &str, value: &str| {
            if value.chars().any(char::is_control) {
                return Err(format!(
                    "the database's URL: a control character in `{name}`"
                ));
            }
            let value = value.replace('\\', "\\\\").replace('"', "\\\"");
            // Writing to a text cannot fail.
            let _ = writeln!(file, "{name}=\"{value}\"");
            Ok(())
        };
        match self.parameter(&["socket"]) {
            Some(socket) => say("socket", socket)?,
            None => {
                // For `localhost` these programs would look for a socket, the driver does not.
                say("protocol", "tcp")?;
                say("host", &self.host)?;
                say("port", &self.port.unwrap_or(3306).to_string())?;
            }
        }
        say("user", &self.user)?;
        if let Some(password) = &self.password {
            say("password", password)?;
        }
        for (name, value) in [
            ("ssl-ca", self.parameter(&["sslca"])),
            ("ssl-cert", self.parameter(&["sslcert"])),
            ("ssl-key", self.parameter(&["sslkey"])),
        ] {
            if let Some(value) = value {
                say(name, value)?;
            }
        }
        // MySQL's programs know the first name, MariaDB's the others; `loose` lets each ignore what
        // it does not know.
        if let Some(mode) = self.parameter(&["sslmode"]) {
            let mode = mode.to_ascii_uppercase();
            say("loose-ssl-mode", &mode)?;
            match mode.as_str() {
                "DISABLED" => file.push_str("loose-skip-ssl\n"),
                "REQUIRED" => file.push_str("loose-ssl\n"),
                "VERIFY_CA" | "VERIFY_IDENTITY" => {
                    file.push_str("loose-ssl\nloose-ssl-verify-server-cert\n");
                }
                _ => {}
            }
        }
        Ok(file)
    }
}

/// Takes percent-encoding away; `None` where no UTF-8 comes of it.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = (byte == b'%').then(|| after.get(..2)).flatten();
        let code = code.and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(code) => {
                bytes.push(code);
                rest = &after[2..];
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(url: &str) -> Place {
        Place::parse(url)
            .map_err(|error| error.to_string())
            .expect("it can be read")
    }

    fn told(place: &Place) -> Vec<(String, Option<String>)> {
        let mut command = Command::new("pg_dump");
        place.tell_postgres(&mut command);
        assert_eq!(command.get_args().count(), 0);
        let text = |value: &std::ffi::OsStr| value.to_string_lossy().into_owned();
        let told = command.get_envs();
        told.map(|(name, value)| (text(name), value.map(text)))
            .collect()
    }

    #[test]
    fn postgres_is_told_by_its_environment() {
        let url = "postgres://sho%70:p%40ss%3Aw%2F%EC%98%B7+@[::1]:5433/my%20db?sslmode=verify-full&ssl-root-cert=%2Fca.pem";
        let told = told(&place(url));
        for (name, value) in [
            ("PGHOST", "::1"),
            ("PGPORT", "5433"),
            ("PGUSER", "shop"),
            ("PGPASSWORD", "p@ss:w/옷+"),
            ("PGDATABASE", "my db"),
            ("PGSSLMODE", "verify-full"),
            ("PGSSLROOTCERT", "/ca.pem"),
        ] {
            let pair = (name.to_owned(), Some(value.to_owned()));
            assert!(told.contains(&pair), "{name}: {told:?}");
        }
        assert!(told.contains(&("PGSERVICE".to_owned(), None)));
    }

    #[test]
    fn what_a_url_does_not_say_is_left_to_the_environment() {
        let place = place("postgres://h/d?host=%2Frun%2Fpostgresql&user=u");
        let told = told(&place);
        let names = told.iter().map(|(name, _)| name.as_str());
        assert!(
            !names
                .clone()
                .any(|name| name == "PGPASSWORD" || name == "PGPORT")
        );
        assert!(told.contains(&("PGHOST".into(), Some("/run/postgresql".into()))));
        assert!(told.contains(&("PGUSER".into(), Some("u".into()))));
        assert_eq!(place.postgres_name(), "dbname='d'");
    }

    #[test]
    fn mysql_is_told_by_a_file() {
        let place =
            place("mysql://shop:p%22a%5Cs%23s@localhost/d?ssl-mode=VERIFY_CA&ssl-ca=/c%20a.pem");
        let file = place.mysql_options().expect("it can be said");
        let expected = "[client]\nprotocol=\"tcp\"\nhost=\"localhost\"\nport=\"3306\"\nuser=\"shop\"\n\
            password=\"p\\\"a\\\\s#s\"\nssl-ca=\"/c a.pem\"\nloose-ssl-mode=\"VERIFY_CA\"\n\
            loose-ssl\nloose-ssl-verify-server-cert\n";
        assert_eq!(file, expected);
        assert_eq!(place.database, "d");
        let socket = self::place("mysql://u@h/d?socket=%2Frun%2Fm.sock");
        let file = socket.mysql_options().expect("it can be said");
        assert_eq!(file, "[client]\nsocket=\"/run/m.sock\"\nuser=\"u\"\n");
    }

    #[test]
    fn nothing_can_be_smuggled_into_the_file() {
        let place = place("mysql://u:a%0Ahost=evil@h/d");
        let refused = place.mysql_options().expect_err("it is refused");
        assert!(!refused.to_string().contains("evil"));
    }
}
