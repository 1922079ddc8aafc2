//! What people say of themselves, and the words looked for in it.

use unicode_normalization::UnicodeNormalization;

use crate::seed::Seed;

/// What somebody says of themselves; what they do not say is empty.
#[derive(Clone, Copy, Default)]
pub struct Said<'a> {
    /// What they are called.
    pub name: &'a str,
    /// Their gender.
    pub gender: &'a str,
    /// What is special about them.
    pub feature: &'a str,
    /// What else to show.
    pub options: &'a [String],
    /// Years, or a stage of life.
    pub age: &'a str,
    /// The shape of the face.
    pub face_shape: &'a str,
    /// The tone of the skin.
    pub skin_tone: &'a str,
    /// Cut and colour.
    pub hair: &'a str,
    /// Shape and colour.
    pub eyes: &'a str,
    /// Shape.
    pub nose: &'a str,
    /// Shape and colour.
    pub lips: &'a str,
    /// Build.
    pub body_type: &'a str,
    /// Kind, or whether there are any.
    pub glasses: &'a str,
    /// What they are like.
    pub personalities: &'a [String],
}

/// One thing that was said: composed, in lower case, with single blanks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words(String);

impl Words {
    fn new(text: &str) -> Self {
        let text: String = text.nfc().collect::<String>().to_lowercase();
        Self(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Whether any of these is said.
    pub(crate) fn say(&self, any: &[&str]) -> bool {
        any.iter().any(|word| self.0.contains(word))
    }

    /// Whether exactly one of these is said.
    pub(crate) fn is(&self, any: &[&str]) -> bool {
        any.contains(&self.0.as_str())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first number in it.
    pub(crate) fn number(&self) -> Option<u32> {
        let digits = self.0.chars().skip_while(|c| !c.is_ascii_digit());
        let digits: String = digits.take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    }
}

/// All that was said, in the form in which it is compared.
pub(crate) struct AllWords {
    /// As it was written, for the title.
    pub(crate) name: String,
    pub(crate) gender: Words,
    /// Whatever was said beside the parts of the face.
    pub(crate) extra: Words,
    pub(crate) age: Words,
    pub(crate) face_shape: Words,
    pub(crate) skin_tone: Words,
    pub(crate) hair: Words,
    pub(crate) eyes: Words,
    pub(crate) nose: Words,
    pub(crate) lips: Words,
    pub(crate) body_type: Words,
    pub(crate) glasses: Words,
    pub(crate) personalities: Words,
    pub(crate) seed: Seed,
}

impl Said<'_> {
    pub(crate) fn normalised(&self) -> AllWords {
        let list = |texts: &[String]| Words::new(&texts.join(" "));
        let options = list(self.options);
        let extra = Words::new(&format!("{} {}", self.feature, options.0));
        let name = Words::new(self.name);
        let [
            gender,
            age,
            face_shape,
            skin_tone,
            hair,
            eyes,
            nose,
            lips,
            body_type,
            glasses,
        ] = [
            self.gender,
            self.age,
            self.face_shape,
            self.skin_tone,
            self.hair,
            self.eyes,
            self.nose,
            self.lips,
            self.body_type,
            self.glasses,
        ]
        .map(Words::new);
        let personalities = list(self.personalities);
        let parts = [
            &name,
            &gender,
            &extra,
            &age,
            &face_shape,
            &skin_tone,
            &hair,
            &eyes,
            &nose,
            &lips,
            &body_type,
            &glasses,
            &personalities,
        ];
        let seed = Seed::of(parts.iter().map(|words| words.0.as_str()));
        AllWords {
            name: self.name.trim().nfc().collect(),
            seed,
            gender,
            extra,
            age,
            face_shape,
            skin_tone,
            hair,
            eyes,
            nose,
            lips,
            body_type,
            glasses,
            personalities,
        }
    }
}
