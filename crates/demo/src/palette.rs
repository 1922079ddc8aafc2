//! Colours: four harmonised palettes for each style, and the arithmetic of shades.

use crate::cluster::Cluster;
use crate::garment::Tone;

/// A colour as 0xRRGGBB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Colour(pub(crate) u32);

impl Colour {
    /// This colour with `percent` of `other` stirred in.
    pub(crate) const fn mix(self, other: Self, percent: u32) -> Self {
        let mut result = 0;
        let mut shift = 0;
        while shift < 24 {
            let mine = (self.0 >> shift) & 0xFF;
            let theirs = (other.0 >> shift) & 0xFF;
            result |= ((mine * (100 - percent) + theirs * percent + 50) / 100) << shift;
            shift += 8;
        }
        Self(result)
    }

    /// Towards a warm near-black: shadows in plain black look dirty.
    pub(crate) const fn darker(self, percent: u32) -> Self {
        self.mix(Self(0x1C_1424), percent)
    }

    /// Towards white.
    pub(crate) const fn lighter(self, percent: u32) -> Self {
        self.mix(Self(0xFF_FFFF), percent)
    }

    /// How far apart two colours are: the sum over red, green and blue, 0 to 765.
    pub(crate) const fn distance(self, other: Self) -> u32 {
        ((self.0 >> 16) & 0xFF).abs_diff((other.0 >> 16) & 0xFF)
            + ((self.0 >> 8) & 0xFF).abs_diff((other.0 >> 8) & 0xFF)
            + (self.0 & 0xFF).abs_diff(other.0 & 0xFF)
    }

    /// Perceived lightness, 0 to 255.
    pub(crate) const fn luma(self) -> u32 {
        (((self.0 >> 16) & 0xFF) * 54 + ((self.0 >> 8) & 0xFF) * 183 + (self.0 & 0xFF) * 19) >> 8
    }

    /// A colour for seams and folds on cloth of this colour: visible on dark cloth too.
    pub(crate) const fn seam(self) -> Self {
        if self.luma() < 70 {
            self.lighter(24)
        } else {
            self.darker(28)
        }
    }
}

/// The colours of one drawing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Palette {
    /// The background, and a shape upon it.
    pub(crate) ground: Colour,
    pub(crate) shape: Colour,
    /// What the garments are dyed with.
    pub(crate) main: Colour,
    pub(crate) second: Colour,
    pub(crate) light: Colour,
    pub(crate) deep: Colour,
    pub(crate) accent: Colour,
}

/// How many palettes a style has.
pub(crate) const VARIANTS: u8 = 4;

impl Palette {
    /// The palette of a style; `variant` counts round.
    pub(crate) fn of(cluster: Cluster, variant: u8) -> Self {
        let [ground, shape, main, second, light, deep, accent] =
            PALETTES[cluster as usize][usize::from(variant % VARIANTS)].map(Colour);
        Self {
            ground,
            shape,
            main,
            second,
            light,
            deep,
            accent,
        }
    }

    /// The same, kept to what a tag says of the tone.
    pub(crate) fn toned(self, tone: Tone) -> Self {
        let cloth = |main, second, light, deep, accent| Self {
            main: Colour(main),
            second: Colour(second),
            light: Colour(light),
            deep: Colour(deep),
            accent: Colour(accent),
            ..self
        };
        match tone {
            Tone::Black => cloth(0x24_2327, 0x33_3237, 0x2B_2A2F, 0x1B_1A1E, 0x3D_3C42),
            Tone::Mono => cloth(0x3A_3A3D, 0x8C_8C90, 0xF4_F3F1, 0x1F_1F22, 0xC9_C8C6),
            Tone::Beige => cloth(0xD2_BC9C, 0xB3_9673, 0xF5_EDE0, 0x7A_624A, 0xE3_D3BA),
            Tone::Tonal => Self {
                second: self.main.darker(22),
                light: self.main.lighter(62),
                deep: self.main.darker(52),
                accent: self.main.lighter(34),
                ..self
            },
            Tone::Pastel => Self {
                main: self.main.lighter(38),
                second: self.second.lighter(48),
                deep: self.deep.lighter(46),
                accent: self.accent.lighter(44),
                ..self
            },
            Tone::Vivid => Self {
                main: self.accent,
                accent: self.main,
                ..self
            },
        }
    }
}

/// For each style and variant: ground, shape, main, second, light, deep, accent.
#[rustfmt::skip] // a table: one palette a line
const PALETTES: [[[u32; 7]; VARIANTS as usize]; Cluster::COUNT] = [
    [
        [0xE9E4DC, 0xF0C069, 0x2F3437, 0x6B7B5E, 0xF4F1EA, 0x1E2226, 0xE4572E],
        [0xDFE5EA, 0xB8C7D6, 0x3B5B92, 0xA9A196, 0xF5F3EE, 0x23262D, 0xF25C54],
        [0xECE3F0, 0xCDB6E3, 0x5B4B8A, 0x8A8F98, 0xF2EFE9, 0x24222B, 0xC6E24A],
        [0xF1E7DB, 0xE0A67A, 0x8C4A2F, 0x4B5945, 0xF6EFE3, 0x2A2623, 0x2E86AB],
    ],
    [
        [0xF0ECE6, 0xE0D8CC, 0xB9A78F, 0x6E6A64, 0xF8F5EF, 0x2E2C2A, 0x8D7B68],
        [0xECEEEE, 0xD5DCDC, 0x9AA3A6, 0x4A5054, 0xFAFAFA, 0x26292B, 0x5F7A7D],
        [0xF3EFE9, 0xE6DCCF, 0xD3C0A6, 0xA58E74, 0xFBF8F2, 0x3A332D, 0x74604C],
        [0xE8EBE6, 0xCFD8CB, 0xA3AD9B, 0x5C6557, 0xF6F6F0, 0x2D302B, 0x7D8A6D],
    ],
    [
        [0xF2E6D3, 0xE2B97F, 0x8A5A3B, 0x5B6B4F, 0xF5EAD6, 0x3F2D23, 0xB5432E],
        [0xEFE2D6, 0xD3A185, 0x7B3F3A, 0x3F5A6B, 0xF3E9D8, 0x33272A, 0xD9A441],
        [0xE9E6D6, 0xB7B98A, 0x6D7344, 0xA5673F, 0xF4EFDC, 0x37352A, 0x9C3D2F],
        [0xEFE0DC, 0xD9B0A9, 0xA65A5A, 0x4F4A63, 0xF6ECDF, 0x2F2833, 0xE0A84F],
    ],
    [
        [0xE6EEF2, 0xA9D0E0, 0x2D6E8E, 0x9FA8AD, 0xF7FAFA, 0x20303A, 0xFF7A59],
        [0xECEBF5, 0xC5C1EE, 0x6C63C7, 0xB7B6C4, 0xF8F8FC, 0x26243A, 0xC5F04A],
        [0xEEF2E8, 0xC9DEB0, 0x6F9A5B, 0xA7ACA0, 0xF8FAF4, 0x263026, 0xF2A541],
        [0xF5E9EA, 0xF0BCC0, 0xD9727F, 0xA8A3A6, 0xFDF7F6, 0x2E2629, 0x4AA3A2],
    ],
    [
        [0xE6E8EC, 0xC3CAD6, 0x2B3A55, 0x6B7280, 0xF7F8FA, 0x1B2230, 0x8C2F39],
        [0xECE8E3, 0xD5CBBD, 0x4A4541, 0x8B7D6B, 0xF8F5EF, 0x231F1D, 0x3E5C76],
        [0xE9EAE6, 0xC8CEC2, 0x3F4A43, 0x767D74, 0xF7F8F4, 0x1F2522, 0xA3803F],
        [0xF0E8E6, 0xDCC5BE, 0x6D2E3A, 0x55525A, 0xFAF5F2, 0x26212A, 0xC39A6B],
    ],
    [
        [0xFBEEF0, 0xF5CDD5, 0xE8A0B0, 0xF3DFD3, 0xFFF8F5, 0x7B4B57, 0xC45C7A],
        [0xF3EEF9, 0xDCCDF0, 0xB79BD6, 0xE7D8EA, 0xFDFAFF, 0x5A4A70, 0xE58FB0],
        [0xFDF1E6, 0xF8D7B8, 0xF0B48A, 0xF0DAC0, 0xFFFAF3, 0x7A5340, 0xD9706C],
        [0xEDF3EE, 0xCFE3D2, 0xA8CBB0, 0xF0E0D6, 0xFBFDF9, 0x4D6354, 0xE79AA0],
    ],
    [
        [0xEEF0EA, 0xCFD9C4, 0x1F4D3F, 0xC8A96A, 0xFAF6EA, 0x1D2B33, 0xB33A3A],
        [0xE9EDF5, 0xBCCBE6, 0x27407A, 0xCDB58B, 0xFBF8EF, 0x1C2440, 0xC8403F],
        [0xF6ECDF, 0xEACB9F, 0x7A2B33, 0x3A4A66, 0xFCF5E8, 0x2B2230, 0xD9A23B],
        [0xF2EEF0, 0xE0C8D2, 0x5A7CA8, 0xD8BFAE, 0xFDF9F4, 0x2B3550, 0xE06F7F],
    ],
    [
        [0xE7ECE4, 0xB9CDB0, 0x4D6B50, 0xA08D6C, 0xECEEE4, 0x2B332C, 0xF28C28],
        [0xE4ECF0, 0xAACBD8, 0x2F6F86, 0x7C8077, 0xEEF2F0, 0x22303A, 0xF5C33B],
        [0xEFE8DF, 0xD9B98F, 0xB5622D, 0x5F6552, 0xF3EDE0, 0x2F2A26, 0x3F8F8A],
        [0xEBE8F0, 0xC3BCD8, 0x6A5F8F, 0x8B8A80, 0xF2F1EE, 0x2A2733, 0xA7D129],
    ],
    [
        [0xEFE6D8, 0xD9B98A, 0xA8733D, 0x34475E, 0xF3EAD9, 0x2B2A2C, 0xC2452D],
        [0xE6E9EC, 0xB3C2D0, 0x2F4A6D, 0xB49B73, 0xF4EFE4, 0x20262F, 0xD9822B],
        [0xEAE8DC, 0xC5C29D, 0x6B6B42, 0x4A3B2E, 0xF3F0E2, 0x2A2922, 0xB3552E],
        [0xF1E4D8, 0xD6A583, 0x7D4F35, 0x3F5668, 0xF5ECDF, 0x2C2522, 0xE0B04A],
    ],
    [
        [0xFBE8F4, 0xF7B6DD, 0xF26BB5, 0x9CC4EF, 0xFFF6FC, 0x3A2747, 0x8F6BF2],
        [0xE6F4FB, 0xABDFF5, 0x56B6E9, 0xF5B9D8, 0xF8FDFF, 0x26324A, 0xF2D43D],
        [0xF1FBE4, 0xCDEF9F, 0x9BD24A, 0xC9B6F2, 0xFCFFF5, 0x2F3A2A, 0xF25FA0],
        [0xF2ECFF, 0xCBB8FB, 0xA184EE, 0xBFE3E8, 0xFCFAFF, 0x2F2752, 0xFF8A5C],
    ],
    [
        [0xF6EFE4, 0xE9CFA5, 0x2F6F6B, 0xC8475B, 0xFDF8EE, 0x2A3340, 0xE3A93C],
        [0xEEF0EE, 0xC5D6CF, 0x7FA79B, 0x3C5A78, 0xFBFBF5, 0x26343B, 0xC95D5D],
        [0xF9ECEB, 0xF0C3C0, 0xD7707A, 0x5B6EA5, 0xFFF9F3, 0x3C2F4A, 0x8FB07A],
        [0xEFE9F2, 0xD2C1DE, 0x7D5A8C, 0xD9BA90, 0xFBF7F2, 0x322A3E, 0x4F8A8B],
    ],
    [
        [0xE3F4F4, 0xA5DFDD, 0x2AA7A1, 0xF2D3A0, 0xFFFDF6, 0x24505A, 0xFF7F5C],
        [0xFFF1DC, 0xFFD28A, 0xF29A3F, 0x8ECAE6, 0xFFFAF0, 0x5B3A24, 0xE4576B],
        [0xFBE9E2, 0xF7B79D, 0xEE7F62, 0xF3DFB8, 0xFFF9F1, 0x50363A, 0x2F9C95],
        [0xE8F0FB, 0xB5D0F3, 0x4A86CF, 0xF0DDB4, 0xFDFDF8, 0x243A5E, 0xF0B429],
    ],
];
