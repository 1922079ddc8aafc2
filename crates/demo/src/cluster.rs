//! The twelve styles that outfits, brands and tastes are clustered by.

/// A style. Its number (`as usize`) is its place in [`Cluster::ALL`] and in every taste.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Cluster {
    /// 스트릿
    Street,
    /// 미니멀
    Minimal,
    /// 빈티지
    Vintage,
    /// 애슬레저
    Athleisure,
    /// 포멀
    Formal,
    /// 로맨틱
    Romantic,
    /// 프레피
    Preppy,
    /// 고프코어
    Gorpcore,
    /// 워크웨어
    Workwear,
    /// Y2K
    Y2k,
    /// 모던한복
    Hanbok,
    /// 리조트
    Resort,
}

impl Cluster {
    /// How many there are.
    pub const COUNT: usize = 12;

    /// All of them, in the order of their numbers.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Street,
        Self::Minimal,
        Self::Vintage,
        Self::Athleisure,
        Self::Formal,
        Self::Romantic,
        Self::Preppy,
        Self::Gorpcore,
        Self::Workwear,
        Self::Y2k,
        Self::Hanbok,
        Self::Resort,
    ];

    /// The name that fashion apps in Korea give it; also the tag that every outfit of it bears.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Street => "스트릿",
            Self::Minimal => "미니멀",
            Self::Vintage => "빈티지",
            Self::Athleisure => "애슬레저",
            Self::Formal => "포멀",
            Self::Romantic => "로맨틱",
            Self::Preppy => "프레피",
            Self::Gorpcore => "고프코어",
            Self::Workwear => "워크웨어",
            Self::Y2k => "Y2K",
            Self::Hanbok => "모던한복",
            Self::Resort => "리조트",
        }
    }

    /// A short Latin name, fit for an address.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Street => "street",
            Self::Minimal => "minimal",
            Self::Vintage => "vintage",
            Self::Athleisure => "athleisure",
            Self::Formal => "formal",
            Self::Romantic => "romantic",
            Self::Preppy => "preppy",
            Self::Gorpcore => "gorpcore",
            Self::Workwear => "workwear",
            Self::Y2k => "y2k",
            Self::Hanbok => "hanbok",
            Self::Resort => "resort",
        }
    }

    /// Where a taste for this style tends to wander: the styles that share pieces with it.
    pub(crate) const fn neighbours(self) -> [Self; 3] {
        match self {
            Self::Street => [Self::Y2k, Self::Workwear, Self::Gorpcore],
            Self::Minimal => [Self::Formal, Self::Workwear, Self::Athleisure],
            Self::Vintage => [Self::Workwear, Self::Preppy, Self::Romantic],
            Self::Athleisure => [Self::Gorpcore, Self::Street, Self::Minimal],
            Self::Formal => [Self::Minimal, Self::Preppy, Self::Hanbok],
            Self::Romantic => [Self::Hanbok, Self::Resort, Self::Vintage],
            Self::Preppy => [Self::Formal, Self::Vintage, Self::Y2k],
            Self::Gorpcore => [Self::Athleisure, Self::Workwear, Self::Street],
            Self::Workwear => [Self::Vintage, Self::Gorpcore, Self::Minimal],
            Self::Y2k => [Self::Street, Self::Preppy, Self::Resort],
            Self::Hanbok => [Self::Romantic, Self::Formal, Self::Minimal],
            Self::Resort => [Self::Romantic, Self::Vintage, Self::Y2k],
        }
    }

    pub(crate) const fn bit(self) -> u16 {
        1 << self as u16
    }
}
