//! Tags that name bags, hats, what is worn at the neck, glasses and stockings.

use super::Meaning::{Bag, Eyes, Hat, Legs, Neck};
use super::{ALWAYS, ANY, COLD, HER, MILD, NOT_COLD, Spec, WARM, row};
use crate::cluster::Cluster::{
    Athleisure, Formal, Gorpcore, Hanbok, Minimal, Preppy, Resort, Romantic, Street, Vintage,
    Workwear, Y2k,
};
use crate::garment::{Bag as Bags, Eyes as Glasses, Hat as Hats, Legs as Hose, Neck as Necks};

#[rustfmt::skip] // a table: one tag a line
pub(super) static ACCESSORIES: [Spec; 36] = [
    row("토트백", &[Minimal, Formal, Workwear], ALWAYS, ANY, Bag(Bags::Tote)),
    row("에코백", &[Vintage, Workwear, Resort], ALWAYS, ANY, Bag(Bags::Eco)),
    row("브리프케이스", &[Formal], ALWAYS, ANY, Bag(Bags::Briefcase)),
    row("라탄백", &[Resort], WARM, HER, Bag(Bags::Rattan)),
    row("복주머니백", &[Hanbok], ALWAYS, ANY, Bag(Bags::Pouch)),
    row("숄더백", &[Minimal, Romantic, Y2k, Vintage], ALWAYS, HER, Bag(Bags::Shoulder)),
    row("체인백", &[Romantic, Formal], ALWAYS, HER, Bag(Bags::Chain)),
    row("크로스백", &[Street, Gorpcore, Y2k, Minimal], ALWAYS, ANY, Bag(Bags::Cross)),
    row("메신저백", &[Street, Workwear, Preppy, Vintage], ALWAYS, ANY, Bag(Bags::Messenger)),
    row("백팩", &[Preppy, Gorpcore, Street], ALWAYS, ANY, Bag(Bags::Backpack)),
    row("더플백", &[Athleisure, Romantic, Resort], ALWAYS, ANY, Bag(Bags::Duffel)),
    row("볼캡", &[Street, Athleisure, Gorpcore, Y2k], ALWAYS, ANY, Hat(Hats::Cap)),
    row("버킷햇", &[Street, Gorpcore, Vintage, Resort], NOT_COLD, ANY, Hat(Hats::Bucket)),
    row("비니", &[Street, Workwear, Gorpcore, Athleisure], COLD, ANY, Hat(Hats::Beanie)),
    row("베레모", &[Vintage, Romantic, Preppy], COLD | MILD, ANY, Hat(Hats::Beret)),
    row("라피아햇", &[Resort, Romantic], WARM, HER, Hat(Hats::Raffia)),
    row("페도라", &[Resort, Vintage], WARM | MILD, ANY, Hat(Hats::Fedora)),
    row("헌팅캡", &[Workwear, Vintage], COLD | MILD, ANY, Hat(Hats::Flat)),
    row("헤어밴드", &[Athleisure, Preppy, Y2k], ALWAYS, HER, Hat(Hats::Headband)),
    row("리본핀", &[Romantic, Y2k], ALWAYS, HER, Hat(Hats::Ribbon)),
    row("배씨댕기", &[Hanbok], ALWAYS, HER, Hat(Hats::Baessi)),
    row("머플러", &[Minimal, Preppy, Vintage, Romantic, Formal, Hanbok], COLD, ANY, Neck(Necks::Muffler)),
    row("실크스카프", &[Formal, Vintage, Resort], MILD, HER, Neck(Necks::Silk)),
    row("반다나", &[Workwear, Gorpcore], ALWAYS, ANY, Neck(Necks::Bandana)),
    row("넥타이", &[Formal, Preppy], ALWAYS, ANY, Neck(Necks::Tie)),
    row("진주목걸이", &[Romantic, Formal], ALWAYS, HER, Neck(Necks::Pearls)),
    row("체인목걸이", &[Street, Y2k], ALWAYS, ANY, Neck(Necks::Chain)),
    row("초커", &[Y2k], ALWAYS, HER, Neck(Necks::Choker)),
    row("노리개", &[Hanbok], ALWAYS, HER, Neck(Necks::Norigae)),
    row("선글라스", &[Resort, Street, Formal], NOT_COLD, ANY, Eyes(Glasses::Sun)),
    row("틴트선글라스", &[Y2k], ALWAYS, ANY, Eyes(Glasses::Tinted)),
    row("뿔테안경", &[Vintage, Preppy, Minimal], ALWAYS, ANY, Eyes(Glasses::Horn)),
    row("니삭스", &[Preppy, Romantic], ALWAYS, HER, Legs(Hose::KneeSocks)),
    row("레그워머", &[Y2k, Athleisure], COLD | MILD, HER, Legs(Hose::Warmers)),
    row("블랙스타킹", &[Formal, Romantic, Vintage, Street], COLD, HER, Legs(Hose::Tights)),
    row("화이트삭스", &[Preppy, Street, Vintage, Athleisure, Y2k], ALWAYS, HER, Legs(Hose::Socks)),
];
