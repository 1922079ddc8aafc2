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

/// What is to be heeded of an outfit, as bits: a look at one byte instead of a search in four lists.
pub(super) mod marks {
    /// It is a candidate already.
    pub(in super::super) const PICKED: u8 = 1;
    /// It is not to be shown: it was, or the person dislikes it.
    pub(in super::super) const OUT: u8 = 2;
    pub(in super::super) const HEARTED: u8 = 4;
    /// Shown in the last days.
    pub(in super::super) const LATELY: u8 = 8;
    /// Shown longer ago.
    pub(in super::super) const BEFORE: u8 = 16;
}

/// What a ranking has worked out of one label.
#[derive(Clone, Copy, Default)]
pub(super) struct Drawn {
    /// What an outfit that has it shares with the person's profile; 0 for most.
    pub(super) weight: f32,
    /// The drawn taste for it, less what is expected of anybody.
    pub(super) taste: f32,
}

#[derive(Default)]
pub(super) struct Scratch {
    /// By outfit.
    pub(super) cells: Vec<Cell>,
    /// The outfits whose cells are in use.
    pub(super) touched: Vec<u32>,
    /// By outfit.
    marks: Vec<u8>,
    /// The outfits that have marks, some of them twice.
    marked: Vec<u32>,
    /// By label.
    pub(super) labels: Vec<Drawn>,
    /// The labels in use.
    pub(super) labelled: Vec<u32>,
    /// Length of the person's profile, squared.
    pub(super) profile: f32,
    pub(super) slots: Vec<u32>,
    /// What is to be sorted: by what, and which.
    pub(super) keys: Vec<u64>,
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
                scratch.marks.resize(outfits, 0);
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
        for slot in self.marked.drain(..) {
            self.marks[slot as usize] = 0;
        }
        for slot in self.labelled.drain(..) {
            self.labels[slot as usize] = Drawn::default();
        }
        self.profile = 0.0;
        self.slots.clear();
        self.keys.clear();
    }

    /// Notes something of an outfit, unless it is newer than this ranking.
    pub(super) fn mark(&mut self, slot: u32, mark: u8) {
        if let Some(marks) = self.marks.get_mut(slot as usize) {
            *marks |= mark;
            self.marked.push(slot);
        }
    }

    /// What was noted of an outfit; one that is newer than this ranking is out of it.
    pub(super) fn marks(&self, slot: u32) -> u8 {
        let marks = self.marks.get(slot as usize);
        marks.copied().unwrap_or(marks::OUT)
    }

    pub(super) fn cell(&self, slot: u32) -> Cell {
        self.cells.get(slot as usize).copied().unwrap_or_default()
    }
}
