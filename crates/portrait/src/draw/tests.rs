use std::collections::HashSet;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::{Said, draw};

fn said<'a>(name: &'a str, gender: &'a str) -> Said<'a> {
    Said {
        name,
        gender,
        ..Said::default()
    }
}

/// The elements of a drawing that is well-formed XML.
fn elements(drawing: &str) -> Vec<String> {
    let mut reader = Reader::from_str(drawing);
    let mut elements = Vec::new();
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Eof => return elements,
            Event::Start(tag) | Event::Empty(tag) => {
                let name = String::from_utf8(tag.name().as_ref().to_vec());
                elements.push(name.expect("a name"));
            }
            _ => {}
        }
    }
}

#[test]
fn the_same_words_give_the_same_bytes_however_they_are_typed() {
    let one = said("유나", "여성");
    // Decomposed, in capitals, with other blanks.
    let same = Said {
        hair: "LONG  Hair",
        name: "\u{110b}\u{1172}\u{1102}\u{1161}",
        ..one
    };
    let plain = Said {
        hair: "long hair",
        ..one
    };
    assert_eq!(draw(&same), draw(&plain));
    assert_ne!(draw(&plain), draw(&one));
}

#[test]
fn many_people_have_many_faces() {
    let faces: HashSet<String> = (0..200)
        .map(|number| {
            let drawing = draw(&said(&format!("person {number}"), "female"));
            drawing.split("</title>").nth(1).expect("a face").to_owned()
        })
        .collect();
    assert!(faces.len() > 190, "{}", faces.len());
}

#[test]
fn what_is_said_is_seen() {
    let plain = draw(&said("a", "남성"));
    let with = |change: fn(&mut Said<'_>)| {
        let mut said = said("a", "남성");
        change(&mut said);
        draw(&said)
    };
    assert!(with(|said| said.hair = "금발").contains("#e3bb6b"));
    assert!(with(|said| said.skin_tone = "어두운").contains("#744a32"));
    assert!(with(|said| said.eyes = "큰 파란 눈").contains("#4d86b8"));
    assert!(with(|said| said.lips = "빨간 입술").contains("#c83a4a"));
    let frame = "#3b3340";
    assert!(!plain.contains(frame));
    assert!(with(|said| said.glasses = "둥근 안경").contains(frame));
    assert!(with(|said| said.glasses = "true").contains(frame));
    assert!(!with(|said| said.glasses = "false").contains(frame));
    assert!(with(|said| said.feature = "선글라스를 쓴").contains("#2b2a35"));
}

#[test]
fn whatever_is_typed_stays_text() {
    let nasty = "</title><script>alert('1')</script>&\"\u{0}\u{ffff}\u{1b}";
    let options = vec![nasty.to_owned(); 3];
    let drawing = draw(&Said {
        name: nasty,
        gender: nasty,
        feature: nasty,
        options: &options,
        hair: nasty,
        glasses: nasty,
        ..Said::default()
    });
    let allowed = [
        "svg",
        "title",
        "defs",
        "linearGradient",
        "stop",
        "rect",
        "circle",
        "ellipse",
        "path",
    ];
    for element in elements(&drawing) {
        assert!(allowed.contains(&element.as_str()), "{element}");
    }
    assert!(drawing.contains("&lt;script&gt;"));
    assert!(!drawing.contains("href") && !drawing.contains('\u{0}'));
}

#[test]
fn every_kind_of_everything_is_a_short_drawing() {
    let cuts = [
        "short", "buzz", "bob", "long", "wavy", "curly", "ponytail", "bun", "bald",
    ];
    let extras = [
        "beanie",
        "beret",
        "cap beard",
        "ribbon earring freckle",
        "hood",
        "shirt",
    ];
    for gender in ["여성", "남성", ""] {
        for hair in cuts {
            for extra in extras {
                let drawing = draw(&Said {
                    hair,
                    feature: extra,
                    age: "70",
                    glasses: "yes",
                    ..said("a", gender)
                });
                assert!(elements(&drawing).len() > 20);
                assert!(drawing.len() < 10_000, "{}", drawing.len());
            }
        }
    }
}
