//! How files are read.

use domain::product::MAX_AMOUNT;

use super::*;

async fn read(file: &str) -> Vec<ProductDraft> {
    let world = world();
    let report = world.import(file).await;
    assert_eq!(findings(&report), []);
    world.log.lock().drafts()
}

/// What the only row comes to with this price.
async fn price(text: &str) -> Result<i64, &'static str> {
    let world = world();
    let file = format!("{HEADER}음료,라떼,\"{text}\",0,small\n");
    let report = world.import(file).await;
    match world.log.lock().drafts().first() {
        Some(draft) => Ok(draft.price.get()),
        None => Err(report.problems[0].error.code),
    }
}

async fn expiry(text: &str) -> Result<String, &'static str> {
    let world = world();
    let file = format!("category,name,price,cost,size,expiration_date\na,b,1,1,small,{text}\n");
    let report = world.import(file).await;
    match world.log.lock().drafts().first() {
        Some(draft) => Ok(draft
            .expiration_date
            .map_or_else(String::new, |date| date.to_string())),
        None => Err(report.problems[0].error.code),
    }
}

#[tokio::test]
async fn every_member_is_read() {
    let drafts = read(
        "size,name,category,price,cost,barcode,expiration_date,description,note\n\
         LARGE, 슈크림 라떼 ,음료,4500,1200,8801234567893,2026-11-21,\"달고,\n부드럽다\",ignored\n",
    )
    .await;
    let expected = ProductDraft {
        description: Description::parse("달고,\n부드럽다").ok(),
        barcode: Barcode::parse("8801234567893").ok(),
        expiration_date: NaiveDate::from_ymd_opt(2026, 11, 21),
        size: Size::Large,
        ..testing::draft("슈크림 라떼")
    };
    assert_eq!(drafts, [expected]);
}

#[tokio::test]
async fn korean_headers_and_the_mark_of_a_spreadsheet_are_understood() {
    for header in [
        "\u{feff}카테고리,상품명,가격,원가,사이즈",
        "\u{feff}\"분류\",\"이름\",\"판매가\",\"원가\",\"크기\"",
        " 분류 , 상품명,가격,원가,사이즈 ",
        "Category,NAME,Price,cost,Size",
    ] {
        let drafts = read(&format!("{header}\r\n음료,슈크림 라떼,4500,1200,small\r\n")).await;
        assert_eq!(drafts, [testing::draft("슈크림 라떼")], "{header}");
    }
}

#[tokio::test]
async fn an_apostrophe_that_keeps_a_cell_from_being_a_formula_is_not_part_of_it() {
    for (cell, name) in [
        ("'=1+1", "=1+1"),
        ("'-라떼", "-라떼"),
        ("  '@라떼", "@라떼"),
        ("''=1", "'=1"),
        ("'라떼'", "'라떼'"),
        ("=1", "=1"),
    ] {
        let drafts = read(&format!("{HEADER}음료,{cell},4500,1200,small\n")).await;
        assert_eq!(drafts, [testing::draft(name)], "{cell}");
    }
}

#[tokio::test]
async fn amounts_are_read_as_spreadsheets_write_them() {
    for text in [
        "4500",
        "4,500",
        "₩4,500",
        "￦4500",
        "₩ 4,500",
        "4,500원",
        "4500 원",
        " 4500 ",
    ] {
        assert_eq!(price(text).await, Ok(4_500), "{text}");
    }
    assert_eq!(price("0").await, Ok(0));
    assert_eq!(price(&MAX_AMOUNT.to_string()).await, Ok(MAX_AMOUNT));
    assert_eq!(price(&(MAX_AMOUNT + 1).to_string()).await, Err("range"));
    assert_eq!(price("-1").await, Err("range"));
    for text in ["four", "4500.5", "$4", "원", "99999999999999999999"] {
        assert_eq!(price(text).await, Err("wrong_type"), "{text}");
    }
}

#[tokio::test]
async fn days_are_read_with_slashes_dots_and_dashes() {
    for text in ["2026-11-21", "2026/11/21", "2026.11.21", " 2026-11-21 "] {
        assert_eq!(expiry(text).await.as_deref(), Ok("2026-11-21"), "{text}");
    }
    assert_eq!(expiry("").await.as_deref(), Ok(""));
    for text in [
        "2026-02-30",
        "21.11.2026",
        "soon",
        "+12345-01-01",
        "0000-01-01",
    ] {
        assert_eq!(expiry(text).await, Err("invalid_value"), "{text}");
    }
}

#[tokio::test]
async fn bad_rows_are_left_out_and_every_bad_member_is_named_with_its_line() {
    let world = world();
    let report = world
        .import(
            "category,name,price,cost,size\n\
             음료,라떼,4500,1200,small\n\
             ,,free,-1,huge\n\
             음료,\"두\n줄\",1,1,small\n\
             음료,모카,4500\n\
             \n\
             음료,모카,4500,1200,large,and more\n",
        )
        .await;
    assert_eq!(
        findings(&report),
        [
            (3, "category", "required"),
            (3, "cost", "range"),
            (3, "name", "required"),
            (3, "price", "wrong_type"),
            (3, "size", "size"),
            (4, "name", "control_character"),
            (6, "cost", "required"),
            (6, "size", "required"),
        ]
    );
    assert_eq!((report.rows, report.imported, report.failed), (5, 2, 3));
    let names: Vec<_> = world.log.lock().drafts();
    assert_eq!(names.len(), 2);
}

#[tokio::test]
async fn a_cell_that_is_not_utf_8_is_named_and_one_nobody_needs_is_not() {
    let world = world();
    let mut file = b"category,name,price,cost,size,note\na,".to_vec();
    file.extend(b"\xb6\xf3\xb6\xbc,1,1,small,x\na,b,1,1,small,\xb6\xf3\n");
    let report = world.import(file).await;
    assert_eq!(findings(&report), [(2, "name", "encoding")]);
    assert_eq!((report.imported, report.failed), (1, 1));
}

#[tokio::test]
async fn columns_can_be_named_and_blank_cells_filled() {
    let world = world();
    let options = ImportOptions {
        columns: pairs([("name", "productDisplayName"), ("category", "Type")]),
        defaults: pairs([("price", "4,500원"), ("cost", "1200"), ("size", "small")]),
        ..ImportOptions::default()
    };
    let file =
        "productDisplayName,type,size,name\n슈크림 라떼,음료,large,no\n슈크림 라떼,음료,,no\n";
    let report = world.import_with(file, &options).await;
    assert!(report.is_ok_and(|report| report.imported == 2));
    let small = testing::draft("슈크림 라떼");
    let large = ProductDraft {
        size: Size::Large,
        ..small.clone()
    };
    assert_eq!(world.log.lock().drafts(), [large, small]);
}

#[tokio::test]
async fn a_member_may_have_only_defaults() {
    let world = world();
    let options = ImportOptions {
        defaults: pairs([("category", "음료"), ("size", "small"), ("cost", "1200")]),
        ..ImportOptions::default()
    };
    let report = world
        .import_with("name,price\n슈크림 라떼,4500\n", &options)
        .await;
    assert!(report.is_ok());
    assert_eq!(world.log.lock().drafts(), [testing::draft("슈크림 라떼")]);
}

#[tokio::test]
async fn missing_columns_are_all_named() {
    let missing = async |file: &str, columns| {
        let options = ImportOptions {
            columns,
            ..ImportOptions::default()
        };
        match silent().import_with(file, &options).await {
            Err(ImportError::MissingColumns(missing)) => missing,
            other => vec![format!("{other:?}")],
        }
    };
    assert_eq!(
        missing("name,price,description\n", pairs([])).await,
        ["category", "cost", "size"]
    );
    assert_eq!(missing("", pairs([])).await.len(), 5);
    // A column that was named has to be there, required or not.
    assert_eq!(
        missing(HEADER, pairs([("name", "Title"), ("barcode", "EAN")])).await,
        ["Title", "EAN"]
    );
}

#[tokio::test]
async fn options_about_unknown_members_are_refused() {
    for (columns, defaults) in [
        (pairs([("colour", "x")]), pairs([])),
        (pairs([]), pairs([("colour", "x")])),
    ] {
        let options = ImportOptions {
            columns,
            defaults,
            ..ImportOptions::default()
        };
        let refused = silent().import_with(HEADER, &options).await;
        assert!(matches!(refused, Err(ImportError::UnknownColumn(name)) if name == "colour"));
    }
}

#[tokio::test]
async fn a_default_that_would_spoil_every_row_is_refused() {
    for (member, text) in [
        ("size", "huge"),
        ("price", "free"),
        ("expiration_date", "soon"),
        ("category", ""),
    ] {
        let options = ImportOptions {
            defaults: pairs([(member, text)]),
            ..ImportOptions::default()
        };
        let refused = silent().import_with(HEADER, &options).await;
        assert!(matches!(refused, Err(ImportError::InvalidDefault(name)) if name == member));
    }
}

#[tokio::test]
async fn lines_are_counted_as_an_editor_does_whatever_ends_them() {
    let file = "\n\ncategory,name,price,cost,size\n\na,b,x,1,small\na,\"b\nc\",1,1,small\n\n\na,b,y,1,small";
    for file in [file.to_owned(), file.replace('\n', "\r\n")] {
        let report = world().import(file).await;
        assert_eq!(
            findings(&report),
            [
                (5, "price", "wrong_type"),
                (6, "name", "control_character"),
                (10, "price", "wrong_type"),
            ]
        );
    }
}
