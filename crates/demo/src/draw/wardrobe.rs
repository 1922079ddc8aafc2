//! From tags to pieces: what is to be drawn, of which cloth and in which colour.

use super::art::Art;
use super::paint::Paint;
use crate::garment::{
    Bag, Bottom, Cloth, Dress, Eyes, Fit, Hat, Legs, Neck, Outer, Shoes, Tone, Top,
};
use crate::outfit::DemoOutfit;
use crate::palette::{Colour, Palette};
use crate::tag::Meaning;

/// A piece, the tag that names it, and how it is coloured.
#[derive(Clone, Debug)]
pub(super) struct Piece<Kind> {
    pub(super) kind: Kind,
    pub(super) cloth: Cloth,
    pub(super) name: &'static str,
}

/// All that an outfit consists of.
#[derive(Clone, Debug, Default)]
pub(super) struct Wardrobe {
    pub(super) top: Option<Piece<Top>>,
    pub(super) dress: Option<Piece<Dress>>,
    pub(super) bottom: Option<Piece<Bottom>>,
    pub(super) outer: Option<Piece<Outer>>,
    pub(super) shoes: Option<Piece<Shoes>>,
    pub(super) bag: Option<Piece<Bag>>,
    pub(super) hat: Option<Piece<Hat>>,
    pub(super) neck: Option<Piece<Neck>>,
    pub(super) eyes: Option<Piece<Eyes>>,
    pub(super) legs: Option<Piece<Legs>>,
    pub(super) fit: Option<Fit>,
    pub(super) tone: Option<Tone>,
    print: Option<Cloth>,
}

impl Wardrobe {
    /// What the outfit's tags name.
    pub(super) fn of(outfit: &DemoOutfit) -> Self {
        let mut all = Self::default();
        for tag in &outfit.tags {
            let name = tag.name();
            match tag.meaning() {
                Meaning::Style | Meaning::Mood => {}
                Meaning::Fit(fit) => all.fit = Some(fit),
                Meaning::Tone(tone) => all.tone = Some(tone),
                Meaning::Print(print) => all.print = Some(print),
                Meaning::Top(kind, cloth) => all.top = Some(Piece { kind, cloth, name }),
                Meaning::Dress(kind, cloth) => all.dress = Some(Piece { kind, cloth, name }),
                Meaning::Bottom(kind, cloth) => all.bottom = Some(Piece { kind, cloth, name }),
                Meaning::Outer(kind, cloth) => all.outer = Some(Piece { kind, cloth, name }),
                Meaning::Shoes(kind) => all.shoes = plain(kind, name),
                Meaning::Bag(kind) => all.bag = plain(kind, name),
                Meaning::Hat(kind) => all.hat = plain(kind, name),
                Meaning::Neck(kind) => all.neck = plain(kind, name),
                Meaning::Eyes(kind) => all.eyes = plain(kind, name),
                Meaning::Legs(kind) => all.legs = plain(kind, name),
            }
        }
        all.print_one();
        all
    }

    /// A print tag without a piece of its own goes on the first plain piece that would bear it.
    fn print_one(&mut self) {
        let Some(print) = self.print else { return };
        let cloths = [
            self.dress.as_mut().map(|piece| &mut piece.cloth),
            self.bottom.as_mut().map(|piece| &mut piece.cloth),
            self.top.as_mut().map(|piece| &mut piece.cloth),
            self.outer.as_mut().map(|piece| &mut piece.cloth),
        ];
        let plain = |cloth: &&mut Cloth| matches!(**cloth, Cloth::Plain | Cloth::Rib);
        if let Some(cloth) = cloths.into_iter().flatten().find(plain) {
            *cloth = print;
        }
    }

    /// Whether the legs show below what is worn.
    pub(super) fn bare_legged(&self) -> bool {
        let trousers = matches!(
            self.bottom.as_ref().map(|piece| piece.kind),
            Some(
                Bottom::Wide
                    | Bottom::Straight
                    | Bottom::Cargo
                    | Bottom::Bootcut
                    | Bottom::Jogger
                    | Bottom::Track
                    | Bottom::Parachute
                    | Bottom::Carpenter
                    | Bottom::Leggings
                    | Bottom::Overall
                    | Bottom::HanbokPants
            )
        );
        !trousers
            && self
                .dress
                .as_ref()
                .is_none_or(|piece| piece.kind != Dress::Jumpsuit)
    }
}

fn plain<Kind>(kind: Kind, name: &'static str) -> Option<Piece<Kind>> {
    Some(Piece {
        kind,
        cloth: Cloth::Plain,
        name,
    })
}

/// The colours of an outfit's pieces.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dyes {
    pub(super) top: Colour,
    pub(super) bottom: Colour,
    pub(super) dress: Colour,
    pub(super) outer: Colour,
    pub(super) shoes: Colour,
    pub(super) bag: Colour,
    pub(super) hat: Colour,
    pub(super) neck: Colour,
    pub(super) legs: Colour,
}

impl Dyes {
    /// One of five ways to hand the palette round; all keep light and dark in balance: what lies
    /// on top of each other differs.
    pub(super) fn of(palette: &Palette, way: u64) -> Self {
        let Palette {
            main,
            second,
            light,
            deep,
            accent,
            ..
        } = *palette;
        let (top, bottom, outer, shoes, bag) = match way % 5 {
            0 => (light, second, main, deep, accent),
            1 => (main, deep, second, light, deep),
            2 => (light, deep, main, second, accent),
            3 => (second, main, deep, light, main.darker(20)),
            _ => (accent, light.darker(7), main, deep, second),
        };
        Self {
            top,
            bottom,
            dress: if way.is_multiple_of(2) {
                main
            } else {
                accent.mix(main, 30)
            },
            outer,
            shoes,
            bag,
            hat: if way.is_multiple_of(2) { deep } else { main },
            neck: if way % 5 == 4 { second } else { accent },
            legs: light,
        }
    }
}

impl Dyes {
    /// The same, but no cloth on the body so near to the skin that it looks like none.
    pub(super) fn apart_from(self, skin: Colour) -> Self {
        let apart = |dye: Colour| {
            if dye.distance(skin) < 78 {
                dye.darker(38)
            } else {
                dye
            }
        };
        Self {
            top: apart(self.top),
            bottom: apart(self.bottom),
            dress: apart(self.dress),
            legs: apart(self.legs),
            ..self
        }
    }
}

/// The paint of a piece.
pub(super) fn paint<Kind>(art: &mut Art, piece: &Piece<Kind>, dye: Colour) -> Paint {
    Paint::of(art, piece.cloth, dye)
}
