//! Tags that name a dress or a jumpsuit.

use super::Meaning::Dress;
use super::{ALWAYS, ANY, COOL, HER, NOT_COLD, SUMMER, Spec, WARM, row};
use crate::cluster::Cluster::{
    Formal, Hanbok, Minimal, Resort, Romantic, Street, Vintage, Workwear, Y2k,
};
use crate::garment::Cloth::{Dot, Flower, Plain, Rib, Satin, Tweed};
use crate::garment::Dress as Kind;

#[rustfmt::skip] // a table: one tag a line
pub(super) static DRESSES: [Spec; 12] = [
    row("미니원피스", &[Romantic, Y2k], NOT_COLD, HER, Dress(Kind::Mini, Plain)),
    row("트위드원피스", &[Formal, Romantic], COOL, HER, Dress(Kind::Mini, Tweed)),
    row("플라워원피스", &[Romantic, Resort], NOT_COLD, HER, Dress(Kind::Midi, Flower)),
    row("도트원피스", &[Vintage], NOT_COLD, HER, Dress(Kind::Midi, Dot)),
    row("블랙드레스", &[Formal], ALWAYS, HER, Dress(Kind::Midi, Plain)),
    row("슬립원피스", &[Minimal, Y2k], WARM, HER, Dress(Kind::Slip, Satin)),
    row("셔츠원피스", &[Minimal, Vintage], NOT_COLD, HER, Dress(Kind::Shirt, Plain)),
    row("니트원피스", &[Minimal, Romantic], COOL, HER, Dress(Kind::Knit, Rib)),
    row("맥시원피스", &[Resort], WARM, HER, Dress(Kind::Maxi, Plain)),
    row("티어드원피스", &[Romantic, Resort], SUMMER, HER, Dress(Kind::Tiered, Plain)),
    row("철릭원피스", &[Hanbok], ALWAYS, HER, Dress(Kind::Cheollik, Plain)),
    row("점프수트", &[Workwear, Street], NOT_COLD, ANY, Dress(Kind::Jumpsuit, Plain)),
];
