//! Styles, moods, cuts, tones and prints: what is said of the outfit as a whole.

use super::Meaning::{Fit, Mood, Print, Style, Tone};
use super::{ALWAYS, ANY, COLD, HER, MILD, NOT_COLD, Spec, WARM, row};
use crate::cluster::Cluster::{
    self, Athleisure, Formal, Gorpcore, Hanbok, Minimal, Preppy, Resort, Romantic, Street, Vintage,
    Workwear, Y2k,
};
use crate::garment::{Cloth, Fit as Cut, Tone as Colour};

/// What a number that no table has would mean; there is no way to make such a tag.
pub(super) static FALLBACK: Spec = row("", &[], 0, 0, Mood);

#[rustfmt::skip] // a table: one tag a line
pub(super) static WORDS: [Spec; 54] = [
    style(Street),
    style(Minimal),
    style(Vintage),
    style(Athleisure),
    style(Formal),
    style(Romantic),
    style(Preppy),
    style(Gorpcore),
    style(Workwear),
    style(Y2k),
    style(Hanbok),
    style(Resort),
    row("데일리룩", &Cluster::ALL, ALWAYS, ANY, Mood),
    row("출근룩", &[Formal, Minimal, Preppy], ALWAYS, ANY, Mood),
    row("캠퍼스룩", &[Preppy, Street, Y2k, Vintage], ALWAYS, ANY, Mood),
    row("데이트룩", &[Romantic, Minimal, Hanbok, Preppy], ALWAYS, ANY, Mood),
    row("하객룩", &[Formal, Romantic, Hanbok], ALWAYS, ANY, Mood),
    row("여행룩", &[Resort, Hanbok, Gorpcore, Athleisure], ALWAYS, ANY, Mood),
    row("바캉스", &[Resort], WARM, ANY, Mood),
    row("페스티벌룩", &[Street, Y2k, Resort], WARM, ANY, Mood),
    row("꾸안꾸", &[Minimal, Athleisure, Street], ALWAYS, ANY, Mood),
    row("시티보이", &[Street, Workwear, Preppy, Gorpcore], ALWAYS, ANY, Mood),
    row("아메카지", &[Workwear, Vintage], ALWAYS, ANY, Mood),
    row("밀리터리", &[Workwear, Street], ALWAYS, ANY, Mood),
    row("테크웨어", &[Gorpcore, Street], ALWAYS, ANY, Mood),
    row("캠핑룩", &[Gorpcore, Workwear], ALWAYS, ANY, Mood),
    row("등산룩", &[Gorpcore], ALWAYS, ANY, Mood),
    row("러닝룩", &[Athleisure], ALWAYS, ANY, Mood),
    row("필라테스", &[Athleisure], ALWAYS, HER, Mood),
    row("올드머니", &[Minimal, Formal, Preppy, Resort], ALWAYS, ANY, Mood),
    row("프렌치시크", &[Minimal, Vintage, Formal], ALWAYS, ANY, Mood),
    row("발레코어", &[Romantic, Athleisure], ALWAYS, HER, Mood),
    row("걸리시", &[Romantic, Y2k, Preppy], ALWAYS, HER, Mood),
    row("레트로", &[Vintage, Y2k], ALWAYS, ANY, Mood),
    row("키치", &[Y2k], ALWAYS, ANY, Mood),
    row("스쿨룩", &[Preppy], ALWAYS, ANY, Mood),
    row("클래식", &[Formal, Preppy, Vintage], ALWAYS, ANY, Mood),
    row("궁나들이", &[Hanbok], ALWAYS, ANY, Mood),
    row("생활한복", &[Hanbok], ALWAYS, ANY, Mood),
    row("간절기", &Cluster::ALL, MILD, ANY, Mood),
    row("보온템", &Cluster::ALL, COLD, ANY, Mood),
    row("오버핏", &[Street, Minimal, Workwear, Gorpcore, Athleisure, Y2k], ALWAYS, ANY, Fit(Cut::Over)),
    row("슬림핏", &[Formal, Y2k, Athleisure, Romantic, Minimal], ALWAYS, ANY, Fit(Cut::Slim)),
    row("하이웨이스트", &[Vintage, Minimal, Preppy, Romantic, Formal, Resort], ALWAYS, ANY, Fit(Cut::Tucked)),
    row("크롭기장", &[Y2k, Street, Athleisure], NOT_COLD, HER, Fit(Cut::Cropped)),
    row("올블랙", &[Street, Minimal, Formal, Gorpcore, Athleisure], ALWAYS, ANY, Tone(Colour::Black)),
    row("톤온톤", &[Minimal, Formal, Vintage, Athleisure, Hanbok, Workwear], ALWAYS, ANY, Tone(Colour::Tonal)),
    row("베이지톤", &[Minimal, Vintage, Workwear, Formal, Resort], ALWAYS, ANY, Tone(Colour::Beige)),
    row("파스텔톤", &[Romantic, Y2k, Hanbok, Preppy], ALWAYS, ANY, Tone(Colour::Pastel)),
    row("모노톤", &[Minimal, Street, Formal], ALWAYS, ANY, Tone(Colour::Mono)),
    row("비비드", &[Y2k, Resort, Athleisure, Gorpcore, Street], ALWAYS, ANY, Tone(Colour::Vivid)),
    row("체크패턴", &[Vintage, Preppy, Workwear, Street], ALWAYS, ANY, Print(Cloth::Check)),
    row("도트패턴", &[Romantic, Vintage, Resort, Y2k], ALWAYS, HER, Print(Cloth::Dot)),
    row("꽃무늬", &[Romantic, Resort, Hanbok], ALWAYS, HER, Print(Cloth::Flower)),
];

const fn style(cluster: Cluster) -> Spec {
    row(cluster.name(), &[cluster], ALWAYS, ANY, Style)
}
