//! The drawing of the schema.

use test_database::Engine;

use crate::snapshot::connect;

#[test]
fn the_drawing_shows_the_schema_as_it_is() {
    test_database::run(Engine::Sqlite, |url| async move {
        let database = connect(&url).await;
        migration::up(&database.write()).await.expect("up");
        let drawn = migration::erd::dot(&database.write()).await;
        database.close().await.expect("closes");

        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/erd.dot");
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        let drawn = drawn.expect("a drawing");
        assert!(
            kept == drawn,
            "docs/erd.dot is not up to date: run `make erd`"
        );
    });
}
