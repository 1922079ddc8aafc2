//! The parts of a face and what is worn, in the kinds that are drawn.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gender {
    Woman,
    Man,
    Unsaid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    Short,
    Cropped,
    Bob,
    Long,
    Wavy,
    Curly,
    Ponytail,
    Bun,
    Bald,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fringe {
    Full,
    Swept,
    Parted,
    Open,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Glasses {
    None,
    Round,
    Square,
    Sun,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    Laughing,
    Smiling,
    Calm,
    Serious,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hat {
    None,
    Cap,
    Beanie,
    Beret,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Top {
    Crew,
    Collar,
    Turtleneck,
    Hood,
}
