//! All two thousand drawings: well-formed, small, harmless, and showing what the tags say.

use demo::{Demo, Sizes, draw};
use quick_xml::Reader;
use quick_xml::events::Event;

fn outfits() -> Vec<demo::DemoOutfit> {
    let sizes = Sizes {
        hearts: 0,
        people: 0,
        ..Sizes::default()
    };
    Demo::generate(&sizes, 1, 1_767_225_600_000_000).outfits
}

#[test]
fn every_drawing_is_small_well_formed_and_refers_to_nothing_outside() {
    for outfit in outfits() {
        let drawing = draw(&outfit);
        let number = outfit.number;
        assert!(drawing.len() < 12_000, "{number}: {} bytes", drawing.len());
        for forbidden in [
            "<script",
            "href",
            "<style",
            "<image",
            "foreignObject",
            "NaN",
            "inf",
        ] {
            assert!(!drawing.contains(forbidden), "{number}: {forbidden}");
        }
        let mut reader = Reader::from_str(&drawing);
        let mut depth = 0;
        loop {
            match reader.read_event().expect("well-formed XML") {
                Event::Start(tag) => {
                    depth += 1;
                    tag.attributes()
                        .for_each(|it| drop(it.expect("a well-formed attribute")));
                }
                Event::Empty(tag) => {
                    tag.attributes()
                        .for_each(|it| drop(it.expect("a well-formed attribute")));
                }
                Event::End(_) => depth -= 1,
                Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(depth, 0, "{number}");
    }
}

#[test]
fn every_drawing_shows_the_pieces_its_tags_name_and_no_others() {
    for outfit in outfits() {
        let drawing = draw(&outfit);
        let mut drawn: Vec<&str> = drawing
            .split("<g class=\"")
            .skip(1)
            .filter_map(|rest| {
                let (name, content) = rest.split_once("\">")?;
                // A group in which nothing is drawn shows nothing.
                (!content.starts_with("</g>")).then_some(name)
            })
            .collect();
        let mut named: Vec<&str> = outfit
            .tags
            .iter()
            .filter(|tag| tag.is_piece())
            .map(|tag| tag.name())
            .collect();
        drawn.sort_unstable();
        named.sort_unstable();
        assert_eq!(drawn, named, "{}", outfit.number);
    }
}

#[test]
fn patterns_that_are_used_are_defined_in_the_same_drawing() {
    for outfit in outfits() {
        let drawing = draw(&outfit);
        for rest in drawing.split("url(#").skip(1) {
            let id = rest.split(')').next().unwrap_or_default();
            assert!(
                drawing.contains(&format!("id=\"{id}\"")),
                "{} {id}",
                outfit.number
            );
        }
    }
}

#[test]
fn another_tag_changes_the_piece_it_names_and_nothing_else() {
    let named = |name: &str| demo::Tag::all().find(|tag| tag.name() == name);
    let (Some(cargo), Some(slacks)) = (named("카고팬츠"), named("슬랙스")) else {
        unreachable!("both are tags");
    };
    let outfits = outfits();
    let mut seen = 0;
    for outfit in outfits.iter().filter(|it| it.tags.contains(&cargo)) {
        let mut other = outfit.clone();
        for tag in &mut other.tags {
            if *tag == cargo {
                *tag = slacks;
            }
        }
        let rest = |drawing: &str, name: &str| {
            let body = drawing.split_once("</title>").map_or("", |parts| parts.1);
            let (before, from) = body.split_once(&format!("<g class=\"{name}\">"))?;
            let (piece, after) = from.split_once("</g>")?;
            Some((format!("{before}{after}"), piece.to_owned()))
        };
        let before = rest(&draw(outfit), "카고팬츠");
        let after = rest(&draw(&other), "슬랙스");
        assert!(before.is_some() && after.is_some());
        assert_eq!(
            before.as_ref().map(|it| &it.0),
            after.as_ref().map(|it| &it.0)
        );
        assert_ne!(before.map(|it| it.1), after.map(|it| it.1));
        seen += 1;
    }
    assert!(seen > 20, "{seen}");
}
