//! Outfits on the wire: what is read, what is answered, what is refused.

mod editing;
mod pages;
mod reports;

use std::sync::Arc;

use actix_web::test::TestRequest;
use controller::Services;
use domain::outfit::{Label, LabelKind, LabelName, Link, Outfit};
use domain::product::Version;
use domain::user::Role;
use serde_json::{Value, json};
use service::outfit::{MockActivityService, MockFeedService, MockHeartService, MockOutfitService};

use crate::world::{Found, guard_of, services, start};

fn outfit(id: i64) -> Arc<Outfit> {
    let label = |id: i64, kind, name| Label {
        id: id.into(),
        kind,
        name: LabelName::parse(name).expect("a label"),
    };
    Arc::new(Outfit {
        id: id.into(),
        img_url: Link::parse("/media/7.jpg").expect("a link"),
        gender: domain::outfit::Gender::parse("F").ok(),
        age: domain::outfit::Age::parse(24).ok(),
        origin_url: None,
        date: chrono::NaiveDate::from_ymd_opt(2026, 11, 1),
        labels: vec![
            label(70, LabelKind::Tag, "카고팬츠"),
            label(71, LabelKind::Tag, "오버핏"),
            label(72, LabelKind::Brand, "Cargo Lab"),
            label(73, LabelKind::Style, "스트릿"),
        ],
        hearts: 3,
        hidden: false,
        version: Version::from(4),
        created_at: start(),
        updated_at: start(),
    })
}

/// The outfit as the contract writes it.
fn written(id: i64, is_liked: bool) -> Value {
    json!({
        "outfit_id": id.to_string(), "img_url": "/media/7.jpg", "gender": "F", "age": 24,
        "origin_url": null, "reporter": null, "tags": ["카고팬츠", "오버핏"],
        "brands": ["Cargo Lab"], "region": null, "occupation": null, "style": "스트릿",
        "season": null, "date": "2026-11-01", "is_liked": is_liked,
    })
}

fn with_hearts(hearts: MockHeartService) -> Services {
    Services {
        hearts: Arc::new(hearts),
        ..services()
    }
}

fn with_feed(feed: MockFeedService) -> Services {
    Services {
        feed: Arc::new(feed),
        ..services()
    }
}

fn with_activity(activity: MockActivityService) -> Services {
    Services {
        activity: Arc::new(activity),
        ..services()
    }
}

/// Editing outfits, by somebody in this role.
fn editing(outfits: MockOutfitService, role: Role) -> Services {
    Services {
        outfits: Arc::new(outfits),
        guard: guard_of(Found::Living, role),
        ..services()
    }
}

fn put(path: &str) -> TestRequest {
    TestRequest::put().uri(path)
}
