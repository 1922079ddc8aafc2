//! Catalogues in and out, at the command line.

use crate::home::Home;

const FILE: &str = "articleType,productDisplayName,price\n\
    Shirts,Turtle Check Shirt,1000\n\
    Jeans,,-1\n\
    Caps,\"Cap, blue\",300\n";

/// How the columns of [`FILE`] are told.
const HOW: [&str; 8] = [
    "--column",
    "name=productDisplayName",
    "--column",
    "category=articleType",
    "--default",
    "size=small",
    "--default",
    "cost=0",
];

fn import(home: &Home, owner: &str, more: &[&str]) -> crate::home::Ran {
    let arguments = ["import", "products", "shop.csv", "--owner", owner];
    let arguments = arguments.iter().chain(&HOW).chain(more);
    let output = home.command(arguments).output().expect("the program");
    crate::home::Ran::of(output)
}

#[test]
fn a_catalogue_comes_in_and_goes_out() {
    let home = Home::new();
    let id = home.user("010-1234-5678");
    home.write("shop.csv", FILE);
    let report = "line 3: name: ";
    let dry = import(&home, &id, &["--dry-run"]).succeeded();
    assert!(
        dry.contains(report) && dry.contains("line 3: price: "),
        "{dry}"
    );
    assert!(
        dry.ends_with("3 rows read, 2 would be imported, 1 left out\n"),
        "{dry}"
    );
    let export = ["export", "products", "--owner", "010 1234 5678"];
    assert_eq!(home.run(export).succeeded().lines().count(), 1);

    // Whose they are can be told in any way that signs them in.
    let wet = import(&home, "+82 10-1234-5678", &[]).succeeded();
    assert!(
        wet.ends_with("3 rows read, 2 imported, 1 left out\n"),
        "{wet}"
    );
    let exported = home.run(export).succeeded();
    assert_eq!(exported.lines().count(), 3);
    assert!(exported.contains("\"Cap, blue\""));

    // What goes out comes in again, from standard input as well.
    home.user("010-0000-0001");
    let from_input = ["import", "products", "-", "--owner", "01000000001"];
    let report = home.run_with_input(from_input, &exported).succeeded();
    assert_eq!(report, "2 rows read, 2 imported, 0 left out\n");
}

#[test]
fn what_cannot_be_imported_is_told() {
    let home = Home::new();
    let id = home.user("010-1234-5678");
    home.write("shop.csv", FILE);
    home.run(["import", "products", "shop.csv", "--owner", &id])
        .failed(["category", "name", "cost", "size"]);
    home.run(["import", "products", "nothing.csv", "--owner", &id])
        .failed(["nothing.csv"]);
    home.run(["import", "products", "shop.csv", "--owner", "010-9999-9999"])
        .failed(["no such account", "user list"]);
    import(&home, &id, &["--column", "colour=x"]).failed(["colour"]);
    import(&home, &id, &["--default", "price"]).failed(["KEY=VALUE"]);
}
