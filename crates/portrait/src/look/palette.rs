//! Colours: those that words name, and those that go together, from which the seed picks.

use super::{Gender, named};
use crate::colour::Colour;
use crate::said::Words;

pub(super) const SKINS: [u32; 6] = [
    0xf9_dcc4, 0xf3_c9a5, 0xe8_b48c, 0xd0_9468, 0xa8_6b45, 0x74_4a32,
];
pub(super) const HAIRS: [u32; 6] = [
    0x2b_2430, 0x3b_2a26, 0x5a_3b2c, 0x7d_5236, 0x26_2a3b, 0x8a_4b34,
];
pub(super) const CLOTHS: [u32; 8] = [
    0xe8_7a5d, 0x3b_6e8f, 0xf2_c14e, 0x5f_8f6b, 0x8a_6fb0, 0xd8_6f8e, 0x40_4a63, 0xf4_efe6,
];
pub(super) const SKIES: [(u32, u32); 8] = [
    (0xfd_e2e4, 0xfa_cfd6),
    (0xe2_ecfd, 0xc4_d8f6),
    (0xe3_f4ea, 0xc2_e4d0),
    (0xfd_f1d6, 0xf8_dfa8),
    (0xee_e5fb, 0xd6_c5f2),
    (0xdf_f3f5, 0xb9_e2e6),
    (0xfb_e6d8, 0xf4_c9ae),
    (0xec_eef2, 0xd0_d6e0),
];

/// The skin that is said.
pub(super) fn skin(words: &Words) -> Option<Colour> {
    let table: [(&[&str], u32); 5] = [
        (&["어두", "검은", "짙", "dark", "deep", "black"], 0x74_4a32),
        (&["구릿빛", "태닝", "tan", "bronze", "brown"], 0xa8_6b45),
        (&["중간", "보통", "medium", "olive"], 0xe8_b48c),
        (&["따뜻", "웜", "warm", "beige"], 0xf3_c9a5),
        (
            &[
                "밝", "하얀", "흰", "창백", "쿨", "light", "fair", "pale", "cool", "white",
            ],
            0xf9_dcc4,
        ),
    ];
    named(words, &table).map(Colour::hex)
}

/// The hair that is said; who is old is grey unless it is.
pub(super) fn hair(words: &Words, old: bool) -> Option<Colour> {
    let table: [(&[&str], u32); 9] = [
        (&["금발", "노란", "blond", "yellow", "gold"], 0xe3_bb6b),
        (
            &[
                "은발", "회색", "흰", "백발", "gray", "grey", "silver", "white",
            ],
            0xc9_c9d1,
        ),
        (
            &["빨간", "빨강", "붉은", "red", "ginger", "auburn"],
            0xb2_4a34,
        ),
        (&["분홍", "핑크", "pink"], 0xe8_90a9),
        (&["파란", "파랑", "blue"], 0x4d_74b8),
        (&["보라", "purple", "violet"], 0x83_62b0),
        (&["초록", "green"], 0x4f_8c6c),
        (&["갈색", "브라운", "brown"], 0x7d_5236),
        (&["검", "흑발", "black", "dark"], 0x2b_2430),
    ];
    let grey = old.then_some(0xc9_c9d1);
    named(words, &table).or(grey).map(Colour::hex)
}

/// The eyes that are said.
pub(super) fn eye(words: &Words) -> Option<Colour> {
    let table: [(&[&str], u32); 5] = [
        (&["파란", "푸른", "blue"], 0x4d_86b8),
        (&["초록", "녹색", "green"], 0x4f_8c5c),
        (&["회색", "gray", "grey"], 0x74_7f8c),
        (&["갈색", "brown", "hazel"], 0x7a_4e2d),
        (&["검", "black", "dark"], 0x2b_2430),
    ];
    named(words, &table).map(Colour::hex)
}

/// The lips that are said, or natural ones.
pub(super) fn lip(words: &Words, gender: Gender) -> Colour {
    let table: [(&[&str], u32); 3] = [
        (&["빨간", "붉은", "red"], 0xc8_3a4a),
        (&["분홍", "핑크", "pink"], 0xe0_7f92),
        (&["코랄", "오렌지", "coral", "orange"], 0xe2_7a62),
    ];
    let natural = if gender == Gender::Man {
        0xb8_6a5e
    } else {
        0xcf_6672
    };
    Colour::hex(named(words, &table).unwrap_or(natural))
}
