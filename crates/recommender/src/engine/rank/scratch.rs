//! Room for one ranking, kept by each thread: a dense table is faster than a hash table by an order of magnitude.

use std::cell::RefCell;

/// What co-hearts say of one outfit.
#[derive(Clone, Copy, Default)]
pub(super) struct Cell {
    pub(super) score: f32,
    /// What its popularity divides by; 0 while it was not touched.
    pub(super) power: f32,
    /// The greatest single share of the score, and whose it is.
    pub(super) most: f32,
    pub(super) from: u32,
}

/// What a ranking has worked out of one label.
#[derive(Clone, Copy, Default)]
pub(super) struct Drawn {
    /// Weight of the label in the person's profile; 0 for most.
    pub(super) profile: f32,
    /// The drawn taste for it, less what is expected of anybody.
    pub(super) taste: f32,
    /// How telling it is, once that was worked out; below 0 for a label nobody has a taste in.
    pub(super) telling: Option<f32>,
}

#[derive(Default)]
pub(super) struct Scratch {
    /// By outfit.
    pub(super) cells: Vec<Cell>,
    /// The outfits whose cells are in use.
    pub(super) touched: Vec<u32>,
    /// By outfit: whether it is a candidate already.
    pub(super) picked: Vec<bool>,
    pub(super) picks: Vec<u32>,
    /// By label.
    pub(super) labels: Vec<Drawn>,
    /// The labels in use, some of them twice.
    pub(super) labelled: Vec<u32>,
    /// Of them, those of the person's profile.
    pub(super) profile: Vec<u32>,
    pub(super) slots: Vec<u32>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

impl Scratch {
    /// Lends this thread's room, empty, for so many outfits and labels; what was used is emptied afterwards.
    pub(super) fn with<T>(outfits: usize, labels: usize, run: impl FnOnce(&mut Self) -> T) -> T {
        SCRATCH.with_borrow_mut(|scratch| {
            // A ranking that panicked may have left something behind.
            scratch.clear();
            if scratch.cells.len() < outfits {
                scratch.cells.resize(outfits, Cell::default());
                scratch.picked.resize(outfits, false);
            }
            if scratch.labels.len() < labels {
                scratch.labels.resize(labels, Drawn::default());
            }
            run(scratch)
        })
    }

    fn clear(&mut self) {
        for slot in self.touched.drain(..) {
            self.cells[slot as usize] = Cell::default();
        }
        for slot in self.picks.drain(..) {
            self.picked[slot as usize] = false;
        }
        for slot in self.labelled.drain(..) {
            self.labels[slot as usize] = Drawn::default();
        }
        self.profile.clear();
        self.slots.clear();
    }

    /// Notes an outfit as a candidate; false if it was one, or is newer than this ranking.
    pub(super) fn pick(&mut self, slot: u32) -> bool {
        match self.picked.get_mut(slot as usize) {
            Some(picked) if !*picked => {
                *picked = true;
                self.picks.push(slot);
                true
            }
            _ => false,
        }
    }

    pub(super) fn cell(&self, slot: u32) -> Cell {
        self.cells.get(slot as usize).copied().unwrap_or_default()
    }
}
