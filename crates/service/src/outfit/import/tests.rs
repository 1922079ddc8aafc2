//! Files of outfits.

use domain::ValueError;
use domain::outfit::{Gender, LabelKind};
use parking_lot::Mutex;

use super::*;

/// Imports a file; the report, and what was stored.
async fn import(
    file: &str,
    options: &OutfitImportOptions,
) -> (
    Result<ImportReport, ImportError>,
    Vec<(Option<OutfitId>, OutfitDraft)>,
) {
    let stored = Mutex::new(Vec::new());
    let save = |drafts: Vec<_>| -> Pin<Box<dyn Future<Output = _> + Send>> {
        stored.lock().extend(drafts);
        Box::pin(async { Ok(Vec::new()) })
    };
    let importer = Importer {
        save: &save,
        progress: Box::new(|_| ()),
    };
    let source: ImportSource = Box::pin(std::io::Cursor::new(file.to_owned().into_bytes()));
    let report = importer.run(source, options).await;
    (report, stored.into_inner())
}

fn names(draft: &OutfitDraft, kind: LabelKind) -> Vec<&str> {
    draft.of(kind).map(|name| name.as_str()).collect()
}

#[tokio::test]
async fn csv_and_json_say_the_same() {
    let csv = "\u{feff}outfit_id,img_url,gender,age,tags,brands,style,date,unknown\r\n\
        7,https://a.example/7.jpg,F,20대,\"#오버핏,카고팬츠\",Cargo Lab,스트릿,2026-11-21,x\r\n";
    let json = "{\"outfit_id\":7,\"img_url\":\"https://a.example/7.jpg\",\"gender\":\"F\",\"age\":20,\
        \"tags\":[\"오버핏\",\"카고팬츠\",\"오버핏\"],\"brands\":[\"Cargo Lab\"],\"style\":\"스트릿\",\
        \"date\":\"2026-11-21T00:00:00Z\",\"unknown\":{}}\n\n";
    let (report, from_csv) = import(csv, &Default::default()).await;
    assert_eq!(report.expect("a report").imported, 1);
    let (report, from_json) = import(json, &Default::default()).await;
    assert_eq!(report.expect("a report").imported, 1);
    assert_eq!(from_csv, from_json);
    let [(id, draft)] = from_csv.as_slice() else {
        unreachable!("one outfit")
    };
    assert_eq!(*id, Some(7.into()));
    assert_eq!(draft.gender, Some(Gender::Female));
    assert_eq!(names(draft, LabelKind::Tag), ["오버핏", "카고팬츠"]);
    assert_eq!(names(draft, LabelKind::Brand), ["Cargo Lab"]);
    assert_eq!(names(draft, LabelKind::Style), ["스트릿"]);
}

#[tokio::test]
async fn every_fault_of_a_row_is_told_with_its_line() {
    let csv = "img_url,gender,age,outfit_id\n/1.jpg,F,20,1\njavascript:1,X,200,0\n,,,\n";
    let (report, stored) = import(csv, &Default::default()).await;
    let report = report.expect("a report");
    assert_eq!((report.rows, report.imported, report.failed), (3, 1, 2));
    assert_eq!(stored.len(), 1);
    let told: Vec<_> = report
        .problems
        .iter()
        .map(|p| (p.line, p.column, p.error.code))
        .collect();
    assert_eq!(
        told,
        [
            (3, "outfit_id", "id"),
            (3, "img_url", "url"),
            (3, "gender", "gender"),
            (3, "age", "range"),
            (4, "img_url", "required"),
        ]
    );
    let json = "{\"img_url\":\"/1.jpg\"}\n[]\n{\"img_url\":{}}\n{\"img_url\":\"/2.jpg\",\"style\":[\"a\"]}\n";
    let (report, _) = import(json, &Default::default()).await;
    let problems = report.expect("a report").problems;
    let told: Vec<_> = problems
        .iter()
        .map(|p| (p.line, p.column, &p.error))
        .collect();
    let wrong = ValueError::new("wrong_type");
    let malformed = ValueError::new("malformed_json");
    assert_eq!(
        told,
        [
            (2, "", &malformed),
            (3, "img_url", &wrong),
            (4, "style", &wrong)
        ]
    );
}

#[tokio::test]
async fn a_dry_run_stores_nothing_and_a_large_file_is_refused() {
    let file = "img_url\n/1.jpg\n/2.jpg\n";
    let dry = OutfitImportOptions {
        dry_run: true,
        max_bytes: None,
    };
    let (report, stored) = import(file, &dry).await;
    assert_eq!(report.expect("a report").imported, 2);
    assert!(stored.is_empty());
    let fits = OutfitImportOptions {
        dry_run: false,
        max_bytes: Some(file.len() as u64),
    };
    assert!(import(file, &fits).await.0.is_ok());
    let small = OutfitImportOptions {
        dry_run: false,
        max_bytes: Some(file.len() as u64 - 1),
    };
    assert!(matches!(
        import(file, &small).await.0,
        Err(ImportError::TooLarge)
    ));
    let (report, _) = import("a,b\n1,2\n", &Default::default()).await;
    assert!(matches!(report, Err(ImportError::MissingColumns(columns)) if columns == ["img_url"]));
}
