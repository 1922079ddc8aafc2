//! Tags that name a jacket, a coat or another outer layer.

use super::Meaning::Outer;
use super::{ANY, COLD, COOL, HER, MILD, Spec, WARM, WINTER, row};
use crate::cluster::Cluster::{
    Athleisure, Formal, Gorpcore, Hanbok, Minimal, Preppy, Resort, Romantic, Street, Vintage,
    Workwear, Y2k,
};
use crate::garment::Cloth::{Camel, Check, Denim, Leather, Plain, Rib, Tweed};
use crate::garment::Outer as Kind;

#[rustfmt::skip] // a table: one tag a line
pub(super) static OUTERS: [Spec; 30] = [
    row("블레이저", &[Formal, Minimal, Preppy], MILD, ANY, Outer(Kind::Blazer, Plain)),
    row("체크자켓", &[Vintage, Preppy], MILD, ANY, Outer(Kind::Blazer, Check)),
    row("더블자켓", &[Formal, Minimal], MILD, ANY, Outer(Kind::DoubleBlazer, Plain)),
    row("트위드자켓", &[Romantic, Formal], COOL, HER, Outer(Kind::Tweed, Tweed)),
    row("데님자켓", &[Vintage, Street], MILD, ANY, Outer(Kind::Trucker, Denim)),
    row("라이더자켓", &[Street, Vintage], MILD, ANY, Outer(Kind::Rider, Leather)),
    row("항공점퍼", &[Street, Y2k], COOL, ANY, Outer(Kind::Bomber, Plain)),
    row("바시티자켓", &[Preppy, Street], COOL, ANY, Outer(Kind::Varsity, Plain)),
    row("바람막이", &[Gorpcore, Athleisure, Street], MILD, ANY, Outer(Kind::Windbreaker, Plain)),
    row("마운틴파카", &[Gorpcore], COOL, ANY, Outer(Kind::Shell, Plain)),
    row("플리스", &[Gorpcore, Athleisure], COLD, ANY, Outer(Kind::Fleece, Plain)),
    row("숏패딩", &[Street, Gorpcore, Athleisure, Y2k], WINTER, ANY, Outer(Kind::Puffer, Plain)),
    row("롱패딩", &[Athleisure, Gorpcore], WINTER, ANY, Outer(Kind::LongPuffer, Plain)),
    row("트렌치코트", &[Minimal, Formal, Vintage], MILD, ANY, Outer(Kind::Trench, Camel)),
    row("핸드메이드코트", &[Minimal, Romantic, Formal], WINTER, ANY, Outer(Kind::Coat, Plain)),
    row("체크코트", &[Vintage, Preppy], WINTER, ANY, Outer(Kind::Coat, Check)),
    row("더블코트", &[Formal, Preppy, Resort], WINTER, ANY, Outer(Kind::DoubleCoat, Plain)),
    row("떡볶이코트", &[Preppy, Vintage], WINTER, ANY, Outer(Kind::Duffle, Plain)),
    row("무스탕", &[Vintage, Workwear], WINTER, ANY, Outer(Kind::Shearling, Camel)),
    row("가디건", &[Romantic, Preppy, Minimal, Resort], COOL, ANY, Outer(Kind::Cardigan, Rib)),
    row("볼레로", &[Romantic, Y2k], MILD, HER, Outer(Kind::Bolero, Rib)),
    row("워크자켓", &[Workwear, Minimal], COOL, ANY, Outer(Kind::Chore, Plain)),
    row("초어자켓", &[Workwear, Vintage], MILD, ANY, Outer(Kind::Chore, Denim)),
    row("낚시조끼", &[Gorpcore, Workwear], MILD | WARM, ANY, Outer(Kind::UtilityVest, Plain)),
    row("트랙탑", &[Athleisure, Y2k], MILD, ANY, Outer(Kind::TrackTop, Plain)),
    row("후드집업", &[Street, Athleisure, Y2k], COOL, ANY, Outer(Kind::ZipHoodie, Plain)),
    row("로브가디건", &[Resort], WARM, ANY, Outer(Kind::Robe, Plain)),
    row("두루마기코트", &[Hanbok], COLD, ANY, Outer(Kind::Durumagi, Plain)),
    row("배자", &[Hanbok], COOL, ANY, Outer(Kind::Baeja, Plain)),
    row("퀼팅자켓", &[Workwear, Resort], COLD, ANY, Outer(Kind::Chore, Check)),
];
