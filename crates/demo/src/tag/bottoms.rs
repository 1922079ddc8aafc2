//! Tags that name trousers, shorts or a skirt.

use super::Meaning::Bottom;
use super::{ALWAYS, ANY, COLD, COOL, HER, NOT_COLD, SUMMER, Spec, WARM, row};
use crate::cluster::Cluster::{
    Athleisure, Formal, Gorpcore, Hanbok, Minimal, Preppy, Resort, Romantic, Street, Vintage,
    Workwear, Y2k,
};
use crate::garment::Bottom as Kind;
use crate::garment::Cloth::{
    BlackDenim, Camel, Check, Corduroy, Denim, Flower, Leather, Plain, Satin, White,
};

#[rustfmt::skip] // a table: one tag a line
pub(super) static BOTTOMS: [Spec; 40] = [
    row("와이드데님", &[Street, Vintage, Y2k], ALWAYS, ANY, Bottom(Kind::Wide, Denim)),
    row("와이드슬랙스", &[Minimal, Formal, Romantic], ALWAYS, ANY, Bottom(Kind::Wide, Plain)),
    row("린넨팬츠", &[Resort, Minimal, Romantic], NOT_COLD, ANY, Bottom(Kind::Wide, White)),
    row("카고팬츠", &[Street, Gorpcore, Workwear], ALWAYS, ANY, Bottom(Kind::Cargo, Plain)),
    row("스트레이트진", &[Minimal, Vintage, Workwear], ALWAYS, ANY, Bottom(Kind::Straight, Denim)),
    row("흑청바지", &[Street, Workwear], ALWAYS, ANY, Bottom(Kind::Straight, BlackDenim)),
    row("슬랙스", &[Formal, Minimal, Romantic], ALWAYS, ANY, Bottom(Kind::Straight, Plain)),
    row("치노팬츠", &[Preppy, Workwear, Resort], ALWAYS, ANY, Bottom(Kind::Straight, Camel)),
    row("체크팬츠", &[Vintage, Preppy], COOL, ANY, Bottom(Kind::Straight, Check)),
    row("코듀로이팬츠", &[Vintage, Preppy, Resort], COLD, ANY, Bottom(Kind::Wide, Corduroy)),
    row("부츠컷", &[Vintage, Y2k], ALWAYS, HER, Bottom(Kind::Bootcut, Denim)),
    row("로우라이즈진", &[Y2k], ALWAYS, ANY, Bottom(Kind::Bootcut, Denim)),
    row("조거팬츠", &[Athleisure, Street], ALWAYS, ANY, Bottom(Kind::Jogger, Plain)),
    row("트랙팬츠", &[Athleisure, Y2k], ALWAYS, ANY, Bottom(Kind::Track, Plain)),
    row("파라슈트팬츠", &[Street, Gorpcore, Y2k], NOT_COLD, ANY, Bottom(Kind::Parachute, Plain)),
    row("등산바지", &[Gorpcore], ALWAYS, ANY, Bottom(Kind::Jogger, Plain)),
    row("카펜터팬츠", &[Workwear], ALWAYS, ANY, Bottom(Kind::Carpenter, Camel)),
    row("퍼티그팬츠", &[Workwear, Vintage], ALWAYS, ANY, Bottom(Kind::Carpenter, Plain)),
    row("오버롤", &[Workwear, Vintage], ALWAYS, ANY, Bottom(Kind::Overall, Denim)),
    row("레깅스", &[Athleisure], ALWAYS, HER, Bottom(Kind::Leggings, Plain)),
    row("바이커쇼츠", &[Athleisure], WARM, HER, Bottom(Kind::Biker, Plain)),
    row("나일론쇼츠", &[Athleisure, Gorpcore], SUMMER, ANY, Bottom(Kind::Shorts, Plain)),
    row("데님쇼츠", &[Y2k, Resort], SUMMER, ANY, Bottom(Kind::Shorts, Denim)),
    row("버뮤다팬츠", &[Preppy, Minimal, Resort, Street, Romantic], SUMMER, ANY, Bottom(Kind::Bermuda, Plain)),
    row("미니스커트", &[Romantic, Y2k], NOT_COLD, HER, Bottom(Kind::Mini, Plain)),
    row("데님스커트", &[Y2k, Street], ALWAYS, HER, Bottom(Kind::Mini, Denim)),
    row("레더스커트", &[Street, Y2k], COOL, HER, Bottom(Kind::Mini, Leather)),
    row("카고스커트", &[Street, Y2k], NOT_COLD, HER, Bottom(Kind::CargoSkirt, Plain)),
    row("테니스스커트", &[Preppy, Athleisure], ALWAYS, HER, Bottom(Kind::Tennis, Plain)),
    row("체크스커트", &[Preppy, Vintage], COOL, HER, Bottom(Kind::Tennis, Check)),
    row("플리츠스커트", &[Preppy, Minimal], ALWAYS, HER, Bottom(Kind::Midi, Plain)),
    row("A라인스커트", &[Vintage, Romantic], ALWAYS, HER, Bottom(Kind::ALine, Plain)),
    row("펜슬스커트", &[Formal], ALWAYS, HER, Bottom(Kind::Pencil, Plain)),
    row("새틴스커트", &[Minimal, Romantic], ALWAYS, HER, Bottom(Kind::Long, Satin)),
    row("머메이드스커트", &[Formal, Romantic], COOL, HER, Bottom(Kind::Mermaid, Plain)),
    row("캉캉스커트", &[Romantic, Resort], NOT_COLD, HER, Bottom(Kind::Tiered, Plain)),
    row("랩스커트", &[Resort], WARM, HER, Bottom(Kind::Wrap, Flower)),
    row("허리치마", &[Hanbok], ALWAYS, HER, Bottom(Kind::HanbokSkirt, Plain)),
    row("꽃허리치마", &[Hanbok], NOT_COLD, HER, Bottom(Kind::HanbokSkirt, Flower)),
    row("사폭바지", &[Hanbok], ALWAYS, ANY, Bottom(Kind::HanbokPants, Plain)),
];
