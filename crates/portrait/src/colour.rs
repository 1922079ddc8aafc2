//! Colours.

/// Red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Colour(pub(crate) u8, pub(crate) u8, pub(crate) u8);

impl Colour {
    /// A colour as designers write it.
    pub(crate) const fn hex(rgb: u32) -> Self {
        let [_, red, green, blue] = rgb.to_be_bytes();
        Self(red, green, blue)
    }

    /// So many hundredths of the way to another colour.
    pub(crate) fn towards(self, other: Self, percent: u16) -> Self {
        let mix = |from: u8, to: u8| {
            let mixed = u16::from(from) * (100 - percent) + u16::from(to) * percent;
            u8::try_from(mixed / 100).unwrap_or(u8::MAX)
        };
        Self(
            mix(self.0, other.0),
            mix(self.1, other.1),
            mix(self.2, other.2),
        )
    }

    pub(crate) fn darker(self, percent: u16) -> Self {
        self.towards(Self::hex(0x2a_1a2e), percent)
    }

    pub(crate) fn lighter(self, percent: u16) -> Self {
        self.towards(Self::hex(0xff_ffff), percent)
    }
}

impl std::fmt::Display for Colour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}
