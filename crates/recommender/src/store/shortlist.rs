//! The few best of many, kept while they change.

use parking_lot::RwLock;

/// A list of at most twice `keep` outfits, cut back to the best `keep` whenever it is full. What was cut comes back
/// with its next heart. Cutting costs little for each outfit added, and nothing has to be sorted every minute.
#[derive(Debug, Default)]
pub(crate) struct Shortlist {
    members: RwLock<Vec<u32>>,
}

impl Shortlist {
    pub(crate) fn with(members: Vec<u32>) -> Self {
        Self {
            members: RwLock::new(members),
        }
    }

    pub(crate) fn replace(&self, members: Vec<u32>) {
        *self.members.write() = members;
    }

    pub(crate) fn copy_into(&self, out: &mut Vec<u32>) {
        out.extend_from_slice(&self.members.read());
    }

    /// Those added last.
    pub(crate) fn copy_last(&self, most: usize, out: &mut Vec<u32>) {
        let members = self.members.read();
        out.extend_from_slice(&members[members.len().saturating_sub(most)..]);
    }

    pub(crate) fn to_vec(&self) -> Vec<u32> {
        self.members.read().clone()
    }

    /// Adds an outfit unless it is there. `merit` is asked only when the list is full. Only the learner calls it.
    pub(crate) fn add(&self, outfit: u32, keep: usize, merit: impl Fn(u32) -> f64) {
        if self.members.read().contains(&outfit) {
            return;
        }
        let mut members = self.members.write();
        members.push(outfit);
        if members.len() > 2 * keep {
            let mut judged: Vec<_> = members
                .iter()
                .map(|&member| (merit(member), member))
                .collect();
            judged.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            judged.truncate(keep);
            *members = judged.into_iter().map(|(_, member)| member).collect();
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        4 * self.members.read().capacity()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_stay_and_none_is_there_twice() {
        let list = Shortlist::default();
        for outfit in (0..1_000).chain(0..1_000) {
            list.add(outfit, 10, f64::from);
        }
        let members = list.to_vec();
        assert!(members.len() <= 20);
        assert!(
            (990..1_000).all(|outfit| members.contains(&outfit)),
            "{members:?}"
        );
    }
}
