//! Section `feed`: guests, and the experiment that runs on the feed.

use std::time::Duration;

use service::outfit::{Arm, Experiment};

use super::reader::Reader;

const DAY: u64 = 86_400;

/// The feed.
#[derive(Clone, Debug)]
pub struct Feed {
    /// How long a guest who stays away is remembered.
    pub guest_lifetime: Duration,
    /// How long views are kept one by one; their daily counts stay.
    pub view_retention: Duration,
    /// Who gets which parameters.
    pub experiment: Experiment,
}

impl Feed {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let days = |days: u64| Duration::from_secs(days * DAY);
        let guest_days = reader.whole("feed.guest_days", 1..=3_650);
        let view_days = reader.whole("feed.view_days", 1..=3_650);
        let salt = reader.required("feed.salt");
        let yardstick: u16 = reader.whole("feed.yardstick_percent", 0..=100);
        let arms = arms(reader);
        let experiment = Experiment::new(salt, yardstick * 100, arms);
        let experiment = experiment.unwrap_or_else(|error| {
            reader.fault("feed.arms", error.to_string());
            Experiment::default()
        });
        Self {
            guest_lifetime: days(guest_days),
            view_retention: days(view_days),
            experiment,
        }
    }
}

fn arms(reader: &mut Reader) -> Vec<Arm> {
    let Some(text) = reader.text("feed.arms") else {
        return Vec::new();
    };
    serde_json::from_str(&text).unwrap_or_else(|error| {
        reader.fault(
            "feed.arms",
            format!(
                "must be a JSON list of {{\"name\", \"from\", \"to\", \"parameters\"}}: {error}"
            ),
        );
        Vec::new()
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{faults, loaded};

    #[test]
    fn one_person_in_twenty_gets_what_is_popular() {
        use recommender::Policy;
        let experiment = loaded(&[]).feed.experiment;
        assert_eq!(experiment.parameters(499).policy, Policy::Popular);
        assert_eq!(experiment.parameters(500).policy, Policy::Learned);
    }

    #[test]
    fn arms_are_read_from_json_and_checked() {
        let arms = r#"[{"name":"wide","from":500,"to":1500,"parameters":{"relevance":0.6}}]"#;
        let feed = loaded(&[("ENSEMBLE__FEED__ARMS", arms)]).feed;
        assert!((feed.experiment.parameters(500).relevance - 0.6).abs() < f32::EPSILON);
        for bad in [
            "x",
            r#"[{"name":"a","from":0,"to":100}]"#,
            r#"[{"name":"a","from":600,"to":700,"parameters":{"recency":2}}]"#,
            r#"[{"name":"a","from":600,"to":700,"parameters":{"recent":1}}]"#,
        ] {
            assert_eq!(faults(&[("ENSEMBLE__FEED__ARMS", bad)]).len(), 1, "{bad}");
        }
    }
}
