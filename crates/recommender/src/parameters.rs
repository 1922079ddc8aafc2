//! What an experiment may change about a feed.

use serde::{Deserialize, Serialize};

/// How a feed is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// By everything that is known of the person.
    #[default]
    Learned,
    /// By hearts of the last days alone, the same for everybody: the yardstick of every experiment.
    Popular,
}

/// The parameters of one bucket. What is left out has its default; an unknown name is refused.
///
/// See `docs/RECOMMENDER.md` for what was measured with which value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// How a feed is ordered.
    pub policy: Policy,
    /// How many of the person's last hearts are asked for their neighbours, 1 to 1,000. Default 200.
    pub history: usize,
    /// What each later heart leaves of an earlier one's say, above 0 to 1. Default 0.9.
    pub recency: f32,
    /// How far popular pairs are held back, 0 (not at all) to 1 (as the product of both counts). Default 0.5,
    /// which makes it a cosine.
    pub popularity_exponent: f32,
    /// What a pair needs to be believed, in hearts, above 0. Default 5.
    pub shrinkage: f32,
    /// Added to the best co-heart score before all are divided by it, 0 or more: with more, faint evidence weighs
    /// less beside the other features. Default 0.5.
    pub item_constant: f32,
    /// Weight of co-hearts, 0 or more. Default 1.
    pub item_weight: f32,
    /// Weight of the likeness between the person's labels and the outfit's, 0 or more. Default 0.1.
    pub tag_weight: f32,
    /// Weight of the drawn taste for the outfit's labels, 0 or more. Default 0.05.
    pub taste_weight: f32,
    /// Weight of smoothed hearts for each view, 0 or more. Default 0.5.
    pub appeal_weight: f32,
    /// Weight of being new, 0 or more. Default 0.02.
    pub freshness_weight: f32,
    /// Days after which being new counts half, above 0. Default 3.
    pub freshness_half_life_days: f32,
    /// Slots of every ten that explore, 0 to 9. Default 1.
    pub explore: usize,
    /// The same while outfits have been looked at fewer than `young_views` times on average, 0 to 9. Default 3.
    pub explore_young: usize,
    /// Up to which average number of views the catalogue is young, and up to which number of views a single outfit
    /// may be explored. Default 20.
    pub young_views: f32,
    /// What counts, of relevance against variety, when the next outfit is picked: 0 (variety) to 1 (relevance).
    /// Default 0.95.
    pub relevance: f32,
    /// How many outfits are picked with regard to each other, and so ranked at a time for a feed, 1 to 300. Default 60.
    pub diversify: usize,
    /// How many of ten outfits may be of one reporter or of one brand, 1 to 10. Default 2.
    pub most_alike_in_ten: usize,
    /// From how many of the best they are picked, 10 to 1,000. Default 150.
    pub batch: usize,
    /// What is left of the score of an outfit the person was shown longer ago, 0 to 1. Default 0.5.
    pub seen_before: f32,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            policy: Policy::Learned,
            history: 200,
            recency: 0.9,
            popularity_exponent: 0.5,
            shrinkage: 5.0,
            item_constant: 0.5,
            item_weight: 1.0,
            tag_weight: 0.1,
            taste_weight: 0.05,
            appeal_weight: 0.5,
            freshness_weight: 0.02,
            freshness_half_life_days: 3.0,
            explore: 1,
            explore_young: 3,
            young_views: 20.0,
            relevance: 0.95,
            diversify: 60,
            most_alike_in_ten: 2,
            batch: 150,
            seen_before: 0.5,
        }
    }
}

/// A parameter is outside its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the parameter {name} must be {range}")]
pub struct ParameterError {
    /// Which one.
    pub name: &'static str,
    /// What it must be.
    pub range: &'static str,
}

impl Parameters {
    /// Whether every parameter is in its range.
    ///
    /// # Errors
    ///
    /// The first that is not.
    pub fn validate(&self) -> Result<(), ParameterError> {
        let unit = 0.0..=1.0;
        let weight = 0.0..=1_000.0;
        let rules = [
            ("history", (1..=1_000).contains(&self.history), "1 to 1,000"),
            (
                "recency",
                self.recency > 0.0 && self.recency <= 1.0,
                "above 0 and at most 1",
            ),
            (
                "popularity_exponent",
                unit.contains(&self.popularity_exponent),
                "0 to 1",
            ),
            (
                "shrinkage",
                self.shrinkage > 0.0 && weight.contains(&self.shrinkage),
                "above 0 and at most 1,000",
            ),
            (
                "item_constant",
                weight.contains(&self.item_constant),
                "0 to 1,000",
            ),
            (
                "item_weight",
                weight.contains(&self.item_weight),
                "0 to 1,000",
            ),
            (
                "tag_weight",
                weight.contains(&self.tag_weight),
                "0 to 1,000",
            ),
            (
                "taste_weight",
                weight.contains(&self.taste_weight),
                "0 to 1,000",
            ),
            (
                "appeal_weight",
                weight.contains(&self.appeal_weight),
                "0 to 1,000",
            ),
            (
                "freshness_weight",
                weight.contains(&self.freshness_weight),
                "0 to 1,000",
            ),
            (
                "freshness_half_life_days",
                (0.01..=10_000.0).contains(&self.freshness_half_life_days),
                "0.01 to 10,000",
            ),
            ("explore", self.explore <= 9, "0 to 9"),
            ("explore_young", self.explore_young <= 9, "0 to 9"),
            (
                "young_views",
                (0.0..=1e9).contains(&self.young_views),
                "0 to 1,000,000,000",
            ),
            ("relevance", unit.contains(&self.relevance), "0 to 1"),
            ("diversify", (1..=300).contains(&self.diversify), "1 to 300"),
            (
                "most_alike_in_ten",
                (1..=10).contains(&self.most_alike_in_ten),
                "1 to 10",
            ),
            ("batch", (10..=1_000).contains(&self.batch), "10 to 1,000"),
            ("seen_before", unit.contains(&self.seen_before), "0 to 1"),
        ];
        match rules.into_iter().find(|(_, holds, _)| !holds) {
            Some((name, _, range)) => Err(ParameterError { name, range }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_valid_and_stand_in_for_what_is_left_out() {
        assert_eq!(Parameters::default().validate(), Ok(()));
        let read: Parameters =
            serde_json::from_str(r#"{"policy":"popular","explore":0}"#).expect("readable");
        assert_eq!(
            read,
            Parameters {
                policy: Policy::Popular,
                explore: 0,
                ..Parameters::default()
            }
        );
    }

    #[test]
    fn an_unknown_name_and_a_value_outside_its_range_are_refused() {
        assert!(serde_json::from_str::<Parameters>(r#"{"explor":0}"#).is_err());
        let refused = Parameters {
            recency: f32::NAN,
            ..Parameters::default()
        }
        .validate();
        assert_eq!(refused.map_err(|error| error.name), Err("recency"));
    }
}
