//! Statements as parts of what they are made for.

use sea_orm::DatabaseConnection;

/// From now on every statement is noted in the trace that it belongs to.
pub(super) fn trace(connection: &mut DatabaseConnection) {
    connection.set_metric_callback(|info| {
        trace::over(|| summary(&info.statement.sql), info.elapsed, info.failed);
    });
}

/// What a statement does to which table, as in `SELECT outbox`: nothing of what it asks for.
fn summary(sql: &str) -> String {
    let mut words = sql.split_whitespace();
    let verb = words.next().unwrap_or_default().to_ascii_uppercase();
    let before_table = match verb.as_str() {
        "SELECT" | "DELETE" => Some("FROM"),
        "INSERT" | "REPLACE" => Some("INTO"),
        "UPDATE" => None,
        // Whatever else there is says what it does, but maybe more than that, too.
        verb => return plain(verb),
    };
    let table = match before_table {
        Some(mark) => words
            .skip_while(|word| !word.eq_ignore_ascii_case(mark))
            .nth(1),
        None => words.next(),
    };
    match table.map(plain) {
        Some(table) if !table.is_empty() => format!("{verb} {table}"),
        _ => verb,
    }
}

/// A name without what stands around it.
fn plain(word: &str) -> String {
    let is_part = |sign: &char| sign.is_ascii_alphanumeric() || *sign == '_';
    word.chars()
        .skip_while(|sign| !is_part(sign))
        .take_while(is_part)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_named_by_what_it_does_to_which_table() {
        for (sql, name) in [
            (
                "SELECT \"outbox\".\"id\" FROM \"outbox\" WHERE \"id\" = ?",
                "SELECT outbox",
            ),
            ("select id\nfrom `users` limit 1", "SELECT users"),
            ("INSERT INTO \"hearts\"(\"a\") VALUES (?)", "INSERT hearts"),
            ("UPDATE \"users\" SET \"name\" = 'somebody'", "UPDATE users"),
            ("DELETE FROM spent WHERE at < 1", "DELETE spent"),
            ("SELECT 'somebody''s secret'", "SELECT"),
            ("WITH x AS (SELECT 1) SELECT * FROM x", "WITH"),
            ("PRAGMA wal_checkpoint", "PRAGMA"),
            ("(SELECT 1)", "SELECT"),
            ("", ""),
        ] {
            assert_eq!(summary(sql), name, "{sql}");
        }
    }
}
