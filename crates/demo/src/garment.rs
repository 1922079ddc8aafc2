//! What can be worn: the vocabulary that tags name and the drawing knows how to draw.

/// What covers the upper body, under an [`Outer`] if there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Top {
    Tee,
    GraphicTee,
    CropTee,
    LongTee,
    Shirt,
    ResortShirt,
    Blouse,
    BowBlouse,
    Knit,
    VKnit,
    Cable,
    Turtleneck,
    Hoodie,
    Sweatshirt,
    Tank,
    Bustier,
    Tube,
    OffShoulder,
    Polo,
    Rugby,
    KnitVest,
    Jersey,
    HalfZip,
    Jeogori,
}

/// Top and skirt (or trousers) in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dress {
    Mini,
    Midi,
    Slip,
    Shirt,
    Knit,
    Maxi,
    Tiered,
    Cheollik,
    Jumpsuit,
}

/// Trousers, shorts and skirts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bottom {
    Wide,
    Straight,
    Cargo,
    Bootcut,
    Jogger,
    Track,
    Parachute,
    Carpenter,
    Leggings,
    Biker,
    Shorts,
    Bermuda,
    Overall,
    Mini,
    Tennis,
    CargoSkirt,
    Midi,
    ALine,
    Pencil,
    Long,
    Mermaid,
    Tiered,
    Wrap,
    HanbokSkirt,
    HanbokPants,
}

/// Jackets, coats and what else goes over a top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outer {
    Blazer,
    DoubleBlazer,
    Tweed,
    Trucker,
    Rider,
    Bomber,
    Varsity,
    Windbreaker,
    Shell,
    Fleece,
    Puffer,
    LongPuffer,
    Trench,
    Coat,
    DoubleCoat,
    Duffle,
    Shearling,
    Cardigan,
    Bolero,
    Chore,
    UtilityVest,
    TrackTop,
    ZipHoodie,
    Robe,
    Durumagi,
    Baeja,
}

/// Shoes and boots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shoes {
    Sneakers,
    Canvas,
    Chunky,
    HighTop,
    Running,
    Trail,
    Hiking,
    Combat,
    Chelsea,
    LongBoots,
    FurBoots,
    Loafers,
    Derby,
    MaryJane,
    Flats,
    Heels,
    Platform,
    Sandals,
    FlipFlops,
    Espadrilles,
    Kkotsin,
}

/// What is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bag {
    Tote,
    Eco,
    Briefcase,
    Rattan,
    Pouch,
    Shoulder,
    Chain,
    Cross,
    Messenger,
    Backpack,
    Duffel,
}

/// What is worn on the head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hat {
    Cap,
    Bucket,
    Beanie,
    Beret,
    Raffia,
    Fedora,
    Flat,
    Headband,
    Ribbon,
    Baessi,
}

/// What is worn around the neck, or hangs from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Neck {
    Muffler,
    Silk,
    Bandana,
    Tie,
    Pearls,
    Chain,
    Choker,
    Norigae,
}

/// Glasses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Eyes {
    Sun,
    Tinted,
    Horn,
}

/// What is worn on the legs under a skirt or shorts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Legs {
    KneeSocks,
    Warmers,
    Tights,
    Socks,
}

/// What a piece is made of, as far as it can be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cloth {
    Plain,
    White,
    Denim,
    BlackDenim,
    Leather,
    Rib,
    Corduroy,
    Tweed,
    Satin,
    Sky,
    Camel,
    Stripe,
    Check,
    Dot,
    Flower,
}

/// How an outfit as a whole is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    Over,
    Slim,
    Tucked,
    Cropped,
}

/// How an outfit as a whole is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Black,
    Tonal,
    Beige,
    Pastel,
    Mono,
    Vivid,
}
