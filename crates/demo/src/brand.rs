//! Invented brands: none is meant to be, or to sound like, one that exists.

use crate::cluster::Cluster;

/// One of the brands of the demo. Each belongs to one style.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Brand(u8);

/// How many a style has.
const EACH: usize = 10;

impl Brand {
    /// Every brand there is, in the order of their numbers.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..(Cluster::COUNT * EACH) as u8).map(Self)
    }

    /// The ten brands of a style.
    pub fn of(cluster: Cluster) -> impl Iterator<Item = Self> {
        Self::all().skip(cluster as usize * EACH).take(EACH)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        let index = usize::from(self.0);
        NAMES
            .get(index / EACH)
            .and_then(|names| names.get(index % EACH))
            .copied()
            .unwrap_or_default()
    }

    /// Its number, from 0 without gaps.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }
}

/// By style, in the order of [`Cluster::ALL`].
#[rustfmt::skip] // a table: one style a line
const NAMES: [[&str; EACH]; Cluster::COUNT] = [
    ["Kordavo", "누모릿", "Bloktivo", "잿빛골목클럽", "Zubarrow", "Oddvane 88", "투덜상회", "Grumvik", "밤셔틀", "Skarpeno"],
    ["Lumevard", "여백산책", "Onsello", "Nuvarre Atelier", "담온결", "Pellimo", "Haelune", "무늬없음연구소", "Sorvette", "조용한단추"],
    ["Marlowick", "먼지꽃상점", "Oldenfarrow", "Tavellina", "다락방레코즈", "Brindlemoss", "Cassowell", "낡은우산", "Ferrinvale", "구월다방의류"],
    ["Velomira", "숨고르기", "Aerunto", "Pulsovia", "달음결", "Fleximoor", "Strivana", "땀방울실험실", "Nimblo Move", "Kinetova"],
    ["Aldermoor & Finn", "정오양복점", "Verrano Sartiel", "Castellund", "반듯공방", "Monterwick", "Halverane", "은단추사", "Dorvane", "Quillmont"],
    ["Florielle Noon", "분홍편지함", "Merimelle", "Ondelisse", "살구구름", "Petalune", "Roselouve", "리본과수원", "Amielune", "달밤무도회"],
    ["Hallowmere Club", "은행나무교실", "Brantley Oaks", "Wickerby", "종소리문구", "Eastmoor Row", "Larkhampton", "체크노트", "Pembrel", "Ivyholt 92"],
    ["Tarnpeak", "능선사무소", "Mosshollow", "Ridgevar", "안개대피소", "Cairnova", "Granvik Outlab", "이끼와바위", "Noltrek", "Brackenfell"],
    ["Ironlark", "망치와실", "Duskmill Supply", "Harrowgate Tool", "톱밥공방", "Rivetane", "Coalbrooke", "두꺼운실", "Workenfield", "Anvilmoor"],
    ["Glimmerpop", "젤리우주", "Pixelora", "Cybunny 01", "반짝삐삐", "Stardoll Inc", "Bubblique", "나비전파사", "Zingaroo", "Hyperlolly"],
    ["Haneulgyeol", "달항아리옷집", "Sonamu Line", "Ohsaek", "매듭산책", "Dangchae", "Noeulbit", "고운새벽", "Maehwari", "온고지은"],
    ["Solmarena", "파도우체국", "Costalune", "Palmavido", "물결여름", "Azurelle", "Saltivo", "오렌지정오", "Lagomira", "Brisanova"],
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique_and_complete() {
        let names: BTreeSet<_> = Brand::all().map(Brand::name).collect();
        assert_eq!(names.len(), 120);
        assert!(!names.contains(""));
        assert_eq!(Brand::of(Cluster::Resort).last(), Brand::all().last());
    }
}
