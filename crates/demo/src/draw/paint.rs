//! Cloth: the colour of a piece and the pattern woven into it.

use super::art::Art;
use crate::garment::Cloth;
use crate::palette::Colour;

/// What a piece is filled with.
#[derive(Clone, Debug)]
pub(super) struct Paint {
    /// A colour, or the address of a pattern of this drawing.
    pub(super) fill: String,
    /// The colour it gives on the whole.
    pub(super) colour: Colour,
    /// For seams, folds and pockets.
    pub(super) seam: Colour,
}

impl Paint {
    pub(super) fn plain(colour: Colour) -> Self {
        Self {
            fill: format!("#{:06x}", colour.0),
            colour,
            seam: colour.seam(),
        }
    }

    /// The paint of a cloth. `dye` is the colour that the palette has for the piece; cloth that
    /// has a colour of its own, as denim has, only takes a hint of it.
    pub(super) fn of(art: &mut Art, cloth: Cloth, dye: Colour) -> Self {
        let light = art.palette.light;
        let accent = art.palette.accent;
        let hex = |colour: Colour| format!("#{:06x}", colour.0);
        let (colour, tile) = match cloth {
            Cloth::Plain | Cloth::Satin => return Self::plain(dye),
            Cloth::White => return Self::plain(light.lighter(30)),
            Cloth::Sky => return Self::plain(Colour(0xC6_DAEE).mix(light, 20)),
            Cloth::Camel => return Self::plain(Colour(0xC4_9A6C).mix(dye, 18)),
            Cloth::Leather => return Self::plain(Colour(0x2A_2526).mix(dye, 14)),
            Cloth::BlackDenim => return Self::plain(Colour(0x35_363C).mix(dye, 6)),
            Cloth::Denim => return Self::plain(Colour(0x5F_82A8).mix(dye, 16)),
            Cloth::Rib => {
                let line = hex(dye.darker(9));
                let tile = format!(r#"<path d="M1.5 0V8" stroke="{line}" stroke-width="1.6"/>"#);
                (dye, (5, 8, 0, tile))
            }
            Cloth::Corduroy => {
                let line = hex(dye.darker(14));
                let tile = format!(r#"<path d="M2 0V8" stroke="{line}" stroke-width="2.4"/>"#);
                (dye, (6, 8, 0, tile))
            }
            Cloth::Stripe => {
                let ground = light.lighter(10);
                let line = hex(if dye.luma() > 190 { accent } else { dye });
                let tile = format!(r#"<path d="M0 4H12" stroke="{line}" stroke-width="4.5"/>"#);
                (ground, (12, 13, 0, tile))
            }
            Cloth::Check => {
                let (band, thread) = (hex(dye.darker(30)), hex(light));
                let tile = format!(
                    r#"<path d="M7 0V28M0 7H28" stroke="{band}" stroke-width="9" opacity=".45"/><path d="M20 0V28M0 20H28" stroke="{thread}" stroke-width="1.6" opacity=".7"/>"#
                );
                (dye, (28, 28, 0, tile))
            }
            Cloth::Dot => {
                let dot = hex(if dye.luma() > 170 { accent } else { light });
                let tile = format!(
                    r#"<circle cx="5" cy="5" r="2.6" fill="{dot}"/><circle cx="14" cy="14" r="2.6" fill="{dot}"/>"#
                );
                (dye, (18, 18, 0, tile))
            }
            Cloth::Flower => {
                let petal = hex(if dye.luma() > 170 { accent } else { light });
                let heart = hex(if dye.luma() > 170 { light } else { accent });
                let leaf = hex(dye.darker(25));
                let flower = |x: u32, y: u32| {
                    format!(
                        r#"<path d="M{x} {}v7M{} {y}h7" stroke="{petal}" stroke-width="4" stroke-linecap="round"/><circle cx="{x}" cy="{y}" r="1.9" fill="{heart}"/>"#,
                        y as f64 - 3.5,
                        x as f64 - 3.5,
                    )
                };
                let tile = format!(
                    r#"{}{}<path d="M24 6q5 1 4 6M6 25q-4 2-3 6" stroke="{leaf}" stroke-width="2" fill="none" stroke-linecap="round"/>"#,
                    flower(9, 10),
                    flower(26, 27)
                );
                (dye, (34, 36, 12, tile))
            }
            Cloth::Tweed => {
                let (dark, pale) = (hex(dye.darker(26)), hex(light));
                let tile = format!(
                    r#"<path d="M0 2h5M6 7h4M1 11h3" stroke="{dark}" stroke-width="1.8"/><path d="M7 3h4M1 6h3M7 11h3" stroke="{pale}" stroke-width="1.8"/>"#
                );
                (dye, (12, 12, 20, tile))
            }
        };
        let (width, height, slant, markup) = tile;
        let ground = format!(
            r#"<path d="M0 0H{width}V{height}H0Z" fill="{}"/>{markup}"#,
            hex(colour)
        );
        Self {
            fill: art.pattern(width, height, slant, &ground),
            colour,
            seam: colour.seam(),
        }
    }
}
