//! Tags that name shoes.

use super::Meaning::Shoes;
use super::{ALWAYS, ANY, COLD, COOL, HER, NOT_COLD, SUMMER, Spec, WARM, WINTER, row};
use crate::cluster::Cluster::{
    Athleisure, Formal, Gorpcore, Hanbok, Minimal, Preppy, Resort, Romantic, Street, Vintage,
    Workwear, Y2k,
};
use crate::garment::Shoes as Kind;

#[rustfmt::skip] // a table: one tag a line
pub(super) static SHOES: [Spec; 22] = [
    row("스니커즈", &[Street, Minimal, Athleisure, Hanbok], ALWAYS, ANY, Shoes(Kind::Sneakers)),
    row("캔버스화", &[Vintage, Preppy, Workwear, Romantic], ALWAYS, ANY, Shoes(Kind::Canvas)),
    row("어글리슈즈", &[Street, Y2k, Athleisure], ALWAYS, ANY, Shoes(Kind::Chunky)),
    row("하이탑", &[Street], ALWAYS, ANY, Shoes(Kind::HighTop)),
    row("러닝화", &[Athleisure], ALWAYS, ANY, Shoes(Kind::Running)),
    row("트레일화", &[Gorpcore], ALWAYS, ANY, Shoes(Kind::Trail)),
    row("등산화", &[Gorpcore], COOL, ANY, Shoes(Kind::Hiking)),
    row("워커", &[Workwear, Street, Vintage], COOL, ANY, Shoes(Kind::Combat)),
    row("첼시부츠", &[Minimal, Formal, Vintage, Resort], COLD, ANY, Shoes(Kind::Chelsea)),
    row("롱부츠", &[Vintage, Y2k, Romantic], COLD, HER, Shoes(Kind::LongBoots)),
    row("퍼부츠", &[Y2k, Athleisure], WINTER, HER, Shoes(Kind::FurBoots)),
    row("로퍼", &[Preppy, Formal, Minimal, Romantic, Resort], ALWAYS, ANY, Shoes(Kind::Loafers)),
    row("더비슈즈", &[Formal, Workwear, Preppy], COOL, ANY, Shoes(Kind::Derby)),
    row("메리제인", &[Romantic, Preppy, Vintage], ALWAYS, HER, Shoes(Kind::MaryJane)),
    row("플랫슈즈", &[Romantic, Minimal, Resort], ALWAYS, HER, Shoes(Kind::Flats)),
    row("스틸레토힐", &[Formal, Romantic], ALWAYS, HER, Shoes(Kind::Heels)),
    row("플랫폼슈즈", &[Y2k], ALWAYS, ANY, Shoes(Kind::Platform)),
    row("스트랩샌들", &[Resort, Romantic], SUMMER, HER, Shoes(Kind::Sandals)),
    row("스포츠샌들", &[Gorpcore], SUMMER, ANY, Shoes(Kind::Sandals)),
    row("쪼리", &[Resort], SUMMER, ANY, Shoes(Kind::FlipFlops)),
    row("에스파드리유", &[Resort, Romantic], NOT_COLD | WARM, ANY, Shoes(Kind::Espadrilles)),
    row("꽃신", &[Hanbok], ALWAYS, ANY, Shoes(Kind::Kkotsin)),
];
