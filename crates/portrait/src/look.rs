//! How somebody looks: what they said, and where they said nothing, what their seed says.

use crate::colour::Colour;
use crate::said::{AllWords, Words};

mod palette;
mod parts;

use palette::{CLOTHS, HAIRS, SKIES, SKINS};
pub(crate) use parts::{Cut, Fringe, Gender, Glasses, Hat, Mood, Top};

/// All that is drawn. Lengths are in units of the drawing.
#[derive(Debug)]
pub(crate) struct Look {
    pub(crate) skin: Colour,
    /// Half the width of the face at the eyes.
    pub(crate) face: i32,
    /// Half the width of the jaw.
    pub(crate) jaw: i32,
    /// How far down the chin is.
    pub(crate) chin: i32,
    pub(crate) cut: Cut,
    pub(crate) fringe: Fringe,
    pub(crate) hair: Colour,
    pub(crate) eye: Colour,
    /// Half the height of an eye.
    pub(crate) eye_size: i32,
    pub(crate) lashes: bool,
    pub(crate) nose: i32,
    pub(crate) lips: Colour,
    pub(crate) full_lips: bool,
    pub(crate) mood: Mood,
    pub(crate) glasses: Glasses,
    pub(crate) hat: Hat,
    pub(crate) beard: bool,
    pub(crate) freckles: bool,
    pub(crate) earrings: bool,
    pub(crate) ribbon: bool,
    pub(crate) wrinkles: bool,
    /// Half the width of the shoulders.
    pub(crate) shoulders: i32,
    pub(crate) neck: i32,
    pub(crate) top: Top,
    pub(crate) cloth: Colour,
    pub(crate) sky: (Colour, Colour),
    pub(crate) backdrop: usize,
}

/// The first of these whose words are said.
fn named<T: Copy>(words: &Words, table: &[(&[&str], T)]) -> Option<T> {
    let said = table.iter().find(|(any, _)| words.say(any));
    said.map(|(_, meant)| *meant)
}

fn gender(words: &Words) -> Gender {
    if words.is(&["f", "w", "여"]) || words.say(&["여성", "여자", "female", "woman", "girl"]) {
        Gender::Woman
    } else if words.is(&["m", "남"]) || words.say(&["남성", "남자", "male", "man", "boy"]) {
        Gender::Man
    } else {
        Gender::Unsaid
    }
}

impl Look {
    pub(crate) fn of(said: &AllWords) -> Self {
        let seed = &said.seed;
        let gender = gender(&said.gender);
        let one = |purpose: &str, colours: &[u32]| {
            let index = seed.below(purpose, colours.len());
            Colour::hex(colours.get(index).copied().unwrap_or_default())
        };
        let old = said.age.number().is_some_and(|years| years >= 60)
            || said.age.say(&[
                "노년",
                "노인",
                "어르신",
                "할머니",
                "할아버지",
                "senior",
                "old",
            ]);
        let young = said.age.number().is_some_and(|years| years < 13)
            || said
                .age
                .say(&["어린이", "아이", "아기", "child", "kid", "baby"]);
        let (face, jaw, chin) = Self::face(said, gender, young);
        let glasses = Self::glasses(said);
        let cut = Self::cut(said, gender);
        let sky = SKIES.get(seed.below("sky", SKIES.len())).copied();
        let (light, deep) = sky.unwrap_or((0xff_ffff, 0xee_eeee));
        let slim = said
            .body_type
            .say(&["마른", "슬림", "날씬", "slim", "thin", "slender"]);
        let stout = said
            .body_type
            .say(&["통통", "큰", "풍만", "chubby", "plump", "heavy", "curvy"]);
        let strong = said
            .body_type
            .say(&["근육", "건장", "운동", "muscular", "athletic", "strong"]);
        let broad = if gender == Gender::Man { 14 } else { 0 };
        let build = match (slim, stout, strong) {
            (true, ..) => -18,
            (_, true, _) => 20,
            (.., true) => 32,
            _ => 0,
        };
        Self {
            skin: palette::skin(&said.skin_tone).unwrap_or_else(|| one("skin", &SKINS[..4])),
            face: face + if stout { 5 } else { 0 },
            jaw: jaw + if stout { 8 } else { 0 },
            chin,
            cut,
            fringe: Self::fringe(said, gender),
            hair: palette::hair(&said.hair, old).unwrap_or_else(|| one("hair", &HAIRS)),
            eye: palette::eye(&said.eyes)
                .unwrap_or_else(|| one("eye", &[0x3a_2a24, 0x4a_3326, 0x2b_2430])),
            eye_size: match () {
                () if said
                    .eyes
                    .say(&["큰", "크고", "동그란", "big", "large", "round"]) =>
                {
                    15
                }
                () if said.eyes.say(&["작은", "가는", "small", "narrow", "slim"]) => 9,
                () if young => 15,
                () => [11, 12, 13][seed.below("eyes", 3)],
            },
            lashes: gender == Gender::Woman || said.eyes.say(&["속눈썹", "lash"]),
            nose: match () {
                () if said
                    .nose
                    .say(&["큰", "오똑", "높은", "big", "large", "high", "long"]) =>
                {
                    17
                }
                () if said.nose.say(&["작은", "낮은", "small", "button", "short"]) => 8,
                () => [10, 12, 14][seed.below("nose", 3)],
            },
            lips: palette::lip(&said.lips, gender),
            full_lips: said
                .lips
                .say(&["도톰", "두꺼운", "두툼", "full", "thick", "plump"]),
            mood: Self::mood(said),
            glasses,
            hat: named(
                &said.extra,
                &[
                    (&["비니", "beanie"], Hat::Beanie),
                    (&["베레", "beret"], Hat::Beret),
                    (&["모자", "캡", "hat", "cap"], Hat::Cap),
                ],
            )
            .unwrap_or(Hat::None),
            beard: said.extra.say(&["수염", "beard", "moustache", "mustache"]),
            freckles: said.extra.say(&["주근깨", "freckle"]) || seed.percent("freckles", 6),
            earrings: said
                .extra
                .say(&["귀걸이", "귀고리", "피어싱", "earring", "piercing"])
                || (gender == Gender::Woman && seed.percent("earrings", 30)),
            ribbon: said.extra.say(&["리본", "머리띠", "ribbon", "bow"]),
            wrinkles: old,
            shoulders: 128 + broad + build - if young { 22 } else { 0 },
            neck: if gender == Gender::Man { 38 } else { 31 } + build / 6,
            top: named(
                &said.extra,
                &[
                    (&["후드", "hood"], Top::Hood),
                    (&["터틀넥", "목폴라", "turtleneck"], Top::Turtleneck),
                    (&["셔츠", "정장", "양복", "shirt", "suit"], Top::Collar),
                ],
            )
            .unwrap_or_else(|| {
                seed.one_of("top", Top::Crew, &[Top::Collar, Top::Turtleneck, Top::Hood])
            }),
            cloth: one("cloth", &CLOTHS),
            sky: (Colour::hex(light), Colour::hex(deep)),
            backdrop: seed.below("backdrop", 4),
        }
    }

    fn face(said: &AllWords, gender: Gender, young: bool) -> (i32, i32, i32) {
        let shape = &said.face_shape;
        let (face, jaw, chin) = named(
            shape,
            &[
                (&["둥근", "동그란", "round"], (90, 66, 322)),
                (&["각진", "사각", "네모", "square"], (86, 76, 328)),
                (&["긴", "long", "oblong"], (80, 54, 344)),
                (
                    &["하트", "역삼각", "브이", "heart", "v-line", "v line"],
                    (88, 42, 334),
                ),
                (&["계란", "타원", "oval"], (83, 55, 334)),
            ],
        )
        .unwrap_or_else(|| {
            let own = [(84, 56, 332), (87, 60, 328), (82, 52, 336), (86, 50, 332)];
            own[said.seed.below("face", own.len())]
        });
        let (wider, longer) = match (gender, young) {
            (_, true) => (6, -12),
            (Gender::Man, _) => (8, 4),
            _ => (0, 0),
        };
        (face, jaw + wider, chin + longer)
    }

    fn cut(said: &AllWords, gender: Gender) -> Cut {
        let table: [(&[&str], Cut); 9] = [
            (&["대머리", "민머리", "bald", "없음"], Cut::Bald),
            (&["포니테일", "묶은", "묶음", "ponytail"], Cut::Ponytail),
            (&["번", "올림", "당고", "bun", "updo"], Cut::Bun),
            (&["곱슬", "파마", "펌", "curly", "afro", "perm"], Cut::Curly),
            (&["웨이브", "wavy", "wave"], Cut::Wavy),
            (&["단발", "보브", "bob", "medium"], Cut::Bob),
            (&["긴", "장발", "생머리", "long"], Cut::Long),
            (
                &["스포츠", "삭발", "까까", "buzz", "crew", "cropped"],
                Cut::Cropped,
            ),
            (
                &["짧", "숏", "투블럭", "커트", "short", "pixie"],
                Cut::Short,
            ),
        ];
        named(&said.hair, &table).unwrap_or_else(|| {
            let seed = &said.seed;
            match gender {
                Gender::Woman => seed.one_of(
                    "cut",
                    Cut::Long,
                    &[Cut::Bob, Cut::Wavy, Cut::Ponytail, Cut::Bun, Cut::Bob],
                ),
                Gender::Man => {
                    seed.one_of("cut", Cut::Short, &[Cut::Short, Cut::Cropped, Cut::Curly])
                }
                Gender::Unsaid => {
                    seed.one_of("cut", Cut::Short, &[Cut::Bob, Cut::Wavy, Cut::Curly])
                }
            }
        })
    }

    fn fringe(said: &AllWords, gender: Gender) -> Fringe {
        let table: [(&[&str], Fringe); 4] = [
            (&["앞머리", "뱅", "bang", "fringe"], Fringe::Full),
            (&["가르마", "part", "curtain"], Fringe::Parted),
            (&["올백", "이마", "slick", "open"], Fringe::Open),
            (&["옆", "swept", "side"], Fringe::Swept),
        ];
        let seed = &said.seed;
        named(&said.hair, &table).unwrap_or_else(|| match gender {
            Gender::Man => seed.one_of("fringe", Fringe::Swept, &[Fringe::Open, Fringe::Parted]),
            _ => seed.one_of("fringe", Fringe::Parted, &[Fringe::Full, Fringe::Swept]),
        })
    }

    fn mood(said: &AllWords) -> Mood {
        let table: [(&[&str], Mood); 4] = [
            (
                &[
                    "유쾌",
                    "활발",
                    "쾌활",
                    "외향",
                    "밝은",
                    "명랑",
                    "재미",
                    "웃",
                    "cheerful",
                    "funny",
                    "outgoing",
                    "energetic",
                    "bright",
                    "happy",
                ],
                Mood::Laughing,
            ),
            (
                &[
                    "친절", "다정", "따뜻", "상냥", "사랑", "미소", "kind", "warm", "friendly",
                    "gentle", "sweet",
                ],
                Mood::Smiling,
            ),
            (
                &[
                    "차가",
                    "시크",
                    "진지",
                    "카리스마",
                    "도도",
                    "serious",
                    "cool",
                    "chic",
                    "stern",
                ],
                Mood::Serious,
            ),
            (
                &[
                    "차분",
                    "조용",
                    "내향",
                    "신중",
                    "calm",
                    "quiet",
                    "shy",
                    "thoughtful",
                ],
                Mood::Calm,
            ),
        ];
        let said_so = named(&said.personalities, &table).or_else(|| named(&said.extra, &table));
        said_so.unwrap_or_else(|| {
            said.seed.one_of(
                "mood",
                Mood::Smiling,
                &[Mood::Laughing, Mood::Smiling, Mood::Calm],
            )
        })
    }

    fn glasses(said: &AllWords) -> Glasses {
        let own = &said.glasses;
        if own.is(&["false", "no", "none", "n", "0", "x"])
            || own.say(&["없", "안 씀", "안씀", "미착용", "without", "no glasses"])
        {
            return Glasses::None;
        }
        let table: [(&[&str], Glasses); 3] = [
            (&["선글라스", "sunglass", "shades"], Glasses::Sun),
            (&["사각", "네모", "square", "뿔테", "horn"], Glasses::Square),
            (&["둥근", "동그란", "round"], Glasses::Round),
        ];
        if !own.is_empty() {
            let kind = named(own, &table);
            return kind.unwrap_or_else(|| {
                said.seed
                    .one_of("glasses", Glasses::Round, &[Glasses::Square])
            });
        }
        if said.extra.say(&["선글라스", "sunglass"]) {
            return Glasses::Sun;
        }
        if said.extra.say(&["안경", "glasses"]) {
            return named(&said.extra, &table).unwrap_or(Glasses::Round);
        }
        Glasses::None
    }
}
