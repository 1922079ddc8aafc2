//! Tags that name a top.

use super::Meaning::Top;
use super::{ALWAYS, ANY, COLD, COOL, HER, NOT_COLD, SUMMER, Spec, WARM, row};
use crate::cluster::Cluster::{
    Athleisure, Formal, Gorpcore, Hanbok, Minimal, Preppy, Resort, Romantic, Street, Vintage,
    Workwear, Y2k,
};
use crate::garment::Cloth::{Denim, Flower, Plain, Rib, Sky, Stripe, White};
use crate::garment::{Cloth, Top as Kind};

#[rustfmt::skip] // a table: one tag a line
pub(super) static TOPS: [Spec; 32] = [
    row("반팔티", &[Street, Minimal, Workwear, Athleisure], NOT_COLD, ANY, Top(Kind::Tee, Plain)),
    row("그래픽티", &[Street, Y2k, Vintage], NOT_COLD, ANY, Top(Kind::GraphicTee, Plain)),
    row("베이비티", &[Y2k], NOT_COLD, HER, Top(Kind::CropTee, Plain)),
    row("롱슬리브", &[Minimal, Gorpcore, Street], COOL, ANY, Top(Kind::LongTee, Plain)),
    row("마린티", &[Vintage, Resort, Preppy], NOT_COLD, ANY, Top(Kind::LongTee, Stripe)),
    row("화이트셔츠", &[Formal, Minimal, Romantic], ALWAYS, ANY, Top(Kind::Shirt, White)),
    row("옥스포드셔츠", &[Preppy, Formal], ALWAYS, ANY, Top(Kind::Shirt, Sky)),
    row("스트라이프셔츠", &[Preppy, Minimal, Formal], NOT_COLD, ANY, Top(Kind::Shirt, Stripe)),
    row("체크셔츠", &[Workwear, Vintage], COOL, ANY, Top(Kind::Shirt, Cloth::Check)),
    row("데님셔츠", &[Workwear, Vintage], COOL, ANY, Top(Kind::Shirt, Denim)),
    row("린넨셔츠", &[Resort, Minimal, Romantic], WARM, ANY, Top(Kind::Shirt, Plain)),
    row("하와이안셔츠", &[Resort], WARM, ANY, Top(Kind::ResortShirt, Flower)),
    row("퍼프블라우스", &[Romantic, Vintage], ALWAYS, HER, Top(Kind::Blouse, Plain)),
    row("리본블라우스", &[Romantic, Formal], ALWAYS, HER, Top(Kind::BowBlouse, Plain)),
    row("라운드니트", &[Minimal, Romantic, Resort], COOL, ANY, Top(Kind::Knit, Rib)),
    row("브이넥니트", &[Preppy, Formal, Romantic], COOL, ANY, Top(Kind::VKnit, Rib)),
    row("케이블니트", &[Preppy, Vintage], COLD, ANY, Top(Kind::Cable, Plain)),
    row("터틀넥", &[Minimal, Formal, Vintage, Hanbok], COLD, ANY, Top(Kind::Turtleneck, Rib)),
    row("후드티", &[Street, Athleisure, Y2k], COOL, ANY, Top(Kind::Hoodie, Plain)),
    row("맨투맨", &[Street, Athleisure, Preppy, Workwear], COOL, ANY, Top(Kind::Sweatshirt, Plain)),
    row("나시", &[Athleisure, Street, Gorpcore], SUMMER, ANY, Top(Kind::Tank, Plain)),
    row("뷔스티에", &[Romantic, Y2k], WARM, HER, Top(Kind::Bustier, Plain)),
    row("튜브탑", &[Y2k, Resort], SUMMER, HER, Top(Kind::Tube, Plain)),
    row("오프숄더", &[Y2k, Romantic, Resort], NOT_COLD, HER, Top(Kind::OffShoulder, Plain)),
    row("카라니트", &[Minimal, Formal, Vintage], NOT_COLD, ANY, Top(Kind::Polo, Rib)),
    row("피케티", &[Preppy, Athleisure], NOT_COLD, ANY, Top(Kind::Polo, Plain)),
    row("럭비티", &[Preppy, Street], COOL, ANY, Top(Kind::Rugby, Stripe)),
    row("니트베스트", &[Preppy], COOL, ANY, Top(Kind::KnitVest, Rib)),
    row("축구저지", &[Street, Y2k, Athleisure], NOT_COLD, ANY, Top(Kind::Jersey, Plain)),
    row("반집업", &[Athleisure, Gorpcore], COOL, ANY, Top(Kind::HalfZip, Plain)),
    row("개량저고리", &[Hanbok], ALWAYS, ANY, Top(Kind::Jeogori, Plain)),
    row("누빔저고리", &[Hanbok], COLD, ANY, Top(Kind::Jeogori, Cloth::Check)),
];
