//! What a person was shown lately, in little room.

/// Ids of one generation; there are two, so the last 1,000 to 2,000 shown are known.
const GENERATION: usize = 1_000;
/// Up to here the ids themselves are kept: most people look at little, and this is smaller and exact.
const EXACT: usize = 128;
/// 8 bits for each id with five hashes: 2.2 % of what was never shown is taken for shown, and comes later.
const WORDS: usize = GENERATION * 8 / 64;
const HASHES: u64 = 5;
/// How long what was shown is left out.
const LATELY: i64 = 7 * 86_400 * 1_000_000;

/// When a person was shown an outfit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    /// Never, as far as is remembered.
    Never,
    /// More than a week ago.
    Before,
    /// In the last seven days.
    Lately,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Filter {
    Exact(Vec<u32>),
    /// A Bloom filter (Bloom 1970) with double hashing (Kirsch, Mitzenmacher 2006).
    Bloom(Box<[u64]>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Generation {
    pub(crate) filter: Filter,
    pub(crate) count: u32,
    pub(crate) first: i64,
    pub(crate) last: i64,
}

/// Two generations: the younger is filled, the older only asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) younger: Generation,
    pub(crate) older: Option<Generation>,
}

fn bits(outfit: u32) -> impl Iterator<Item = (usize, u64)> {
    let hash = u64::from(outfit)
        .wrapping_add(1)
        .wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let hash = (hash ^ (hash >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let (start, step) = (hash >> 32, hash & 0xFFFF_FFFF | 1);
    (0..HASHES).map(move |n| {
        let bit = start.wrapping_add(n.wrapping_mul(step)) % (WORDS as u64 * 64);
        ((bit / 64) as usize, 1 << (bit % 64))
    })
}

impl Filter {
    /// How long a Bloom filter is.
    pub(crate) const WORDS: usize = WORDS;

    fn insert(&mut self, outfit: u32) {
        match self {
            Self::Exact(ids) if ids.len() < EXACT => ids.push(outfit),
            Self::Exact(ids) => {
                let ids = std::mem::take(ids);
                *self = Self::Bloom(vec![0; WORDS].into());
                ids.into_iter()
                    .chain([outfit])
                    .for_each(|id| self.insert(id));
            }
            Self::Bloom(words) => bits(outfit).for_each(|(word, bit)| words[word] |= bit),
        }
    }

    fn contains(&self, outfit: u32) -> bool {
        match self {
            Self::Exact(ids) => ids.contains(&outfit),
            Self::Bloom(words) => bits(outfit).all(|(word, bit)| words[word] & bit != 0),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Exact(ids) => 4 * ids.capacity(),
            Self::Bloom(words) => 8 * words.len(),
        }
    }
}

impl Generation {
    fn starting(now: i64) -> Self {
        Self {
            filter: Filter::Exact(Vec::new()),
            count: 0,
            first: now,
            last: now,
        }
    }

    /// When what it holds was shown.
    fn sight(&self, now: i64) -> Sight {
        if now.saturating_sub(self.last) < LATELY {
            Sight::Lately
        } else {
            Sight::Before
        }
    }
}

impl Seen {
    pub(crate) fn starting(now: i64) -> Self {
        Self {
            younger: Generation::starting(now),
            older: None,
        }
    }

    pub(crate) fn mark(&mut self, outfit: u32, now: i64) {
        if self.younger.filter.contains(outfit) {
            self.younger.last = self.younger.last.max(now);
            return;
        }
        if self.younger.count as usize >= GENERATION
            || now.saturating_sub(self.younger.first) > LATELY / 2
        {
            self.older = Some(std::mem::replace(
                &mut self.younger,
                Generation::starting(now),
            ));
        }
        self.younger.filter.insert(outfit);
        self.younger.count += 1;
        self.younger.last = self.younger.last.max(now);
    }

    pub(crate) fn sight(&self, outfit: u32, now: i64) -> Sight {
        let when = |generation: &Generation| {
            let contains = generation.filter.contains(outfit);
            contains.then(|| generation.sight(now))
        };
        when(&self.younger)
            .or_else(|| self.older.as_ref().and_then(when))
            .unwrap_or(Sight::Never)
    }

    /// Tells of each outfit when it was shown, the later of two times last. False where that is not possible, because
    /// some are kept in a filter that can only be asked.
    pub(crate) fn list(&self, now: i64, mut tell: impl FnMut(u32, Sight)) -> bool {
        let generations = [self.older.as_ref(), Some(&self.younger)];
        let mut all = true;
        for generation in generations.into_iter().flatten() {
            match &generation.filter {
                Filter::Exact(ids) => ids.iter().for_each(|&id| tell(id, generation.sight(now))),
                Filter::Bloom(_) => all = false,
            }
        }
        all
    }

    /// Takes in what another was shown: exact ids one by one, filters bit by bit.
    pub(crate) fn unite(&mut self, other: &Self) {
        for theirs in [Some(&other.younger), other.older.as_ref()]
            .into_iter()
            .flatten()
        {
            match &theirs.filter {
                Filter::Exact(ids) => ids
                    .iter()
                    .for_each(|&id| self.mark(id, theirs.last.max(self.younger.first))),
                Filter::Bloom(bits) => {
                    let mut words: Box<[u64]> = vec![0; WORDS].into();
                    if let Some(Generation {
                        filter: Filter::Bloom(older),
                        ..
                    }) = &self.older
                    {
                        words.clone_from(older);
                    }
                    words
                        .iter_mut()
                        .zip(bits)
                        .for_each(|(word, bits)| *word |= bits);
                    let mut older = self
                        .older
                        .take()
                        .unwrap_or_else(|| Generation::starting(theirs.first));
                    if let Filter::Exact(ids) =
                        std::mem::replace(&mut older.filter, Filter::Bloom(words))
                    {
                        ids.into_iter().for_each(|id| older.filter.insert(id));
                    }
                    older.last = older.last.max(theirs.last);
                    older.count += theirs.count;
                    self.older = Some(older);
                }
            }
        }
    }

    /// Whether all of it is so old that it may be forgotten: twice the time it is left out for.
    pub(crate) fn is_stale(&self, now: i64) -> bool {
        now.saturating_sub(self.younger.last) > 2 * LATELY
    }

    pub(crate) fn bytes(&self) -> usize {
        size_of::<Self>()
            + self.younger.filter.bytes()
            + self.older.as_ref().map_or(0, |older| older.filter.bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_thousand_are_known_for_a_week() {
        let mut seen = Seen::starting(0);
        (0..5_000).for_each(|outfit| seen.mark(outfit, 1));
        assert!((4_000..5_000).all(|outfit| seen.sight(outfit, LATELY) == Sight::Lately));
        assert!((4_000..5_000).all(|outfit| seen.sight(outfit, LATELY + 1) == Sight::Before));
        let mistaken = (10_000..20_000)
            .filter(|&outfit| seen.sight(outfit, 2) != Sight::Never)
            .count();
        assert!(mistaken < 700, "{mistaken} of 10,000 taken for shown");
    }

    #[test]
    fn what_two_were_shown_is_united() {
        for shown in [50, 900] {
            let (mut guest, mut member) = (Seen::starting(0), Seen::starting(0));
            (0..shown).for_each(|outfit| guest.mark(outfit, 1));
            (1_000..1_000 + shown).for_each(|outfit| member.mark(outfit, 1));
            member.unite(&guest);
            assert!(
                (0..shown)
                    .chain(1_000..1_000 + shown)
                    .all(|outfit| member.sight(outfit, 2) == Sight::Lately)
            );
        }
    }
}
