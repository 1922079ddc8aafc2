//! Who gets which parameters.

use std::ops::Range;

use domain::user::PersonId;
use recommender::{Parameters, Policy, bucket};
use serde::Deserialize;

use super::translate;

/// One arm of the running experiment.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arm {
    /// What reports call it.
    pub name: String,
    /// Its first bucket, 0 to 9,999.
    pub from: u16,
    /// The bucket after its last, up to 10,000.
    pub to: u16,
    /// What its people's feeds are ranked with.
    #[serde(default)]
    pub parameters: Parameters,
}

/// Which bucket and parameters a person gets: the same on every node and after every restart.
#[derive(Clone, Debug, Default)]
pub struct Experiment {
    salt: String,
    arms: Vec<Arm>,
    default: Parameters,
}

/// Why arms make no experiment.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ArmError {
    /// `from` is not below `to`, or `to` is above 10,000.
    #[error("the buckets of the arm {0} have to be a range within 0 to 10000")]
    Range(String),
    /// A bucket cannot be in two arms.
    #[error("the arms {0} and {1} have buckets in common")]
    Overlap(String, String),
    /// A parameter is out of range.
    #[error("the arm {0}: {1}")]
    Parameter(String, recommender::ParameterError),
}

impl Experiment {
    /// An experiment whose first `yardstick` buckets (of 10,000) get what is popular, and whose
    /// others get their arm's parameters or the defaults.
    ///
    /// # Errors
    /// The first fault.
    pub fn new(salt: String, yardstick: u16, arms: Vec<Arm>) -> Result<Self, ArmError> {
        let mut all = Vec::with_capacity(arms.len() + 1);
        if yardstick > 0 {
            all.push(Arm {
                name: "popular".into(),
                from: 0,
                to: yardstick.min(bucket::COUNT),
                parameters: Parameters {
                    policy: Policy::Popular,
                    ..Parameters::default()
                },
            });
        }
        for arm in arms {
            if arm.from >= arm.to || arm.to > bucket::COUNT {
                return Err(ArmError::Range(arm.name));
            }
            if let Some(other) = all.iter().find(|other| meet(&arm, other)) {
                return Err(ArmError::Overlap(arm.name, other.name.clone()));
            }
            if let Err(error) = arm.parameters.validate() {
                return Err(ArmError::Parameter(arm.name, error));
            }
            all.push(arm);
        }
        Ok(Self {
            salt,
            arms: all,
            default: Parameters::default(),
        })
    }

    /// The person's bucket, 0 to 9,999.
    #[must_use]
    pub fn bucket(&self, person: PersonId) -> u16 {
        bucket::of(&self.salt, translate::person_key(person).0)
    }

    /// What feeds of this bucket are ranked with.
    #[must_use]
    pub fn parameters(&self, bucket: u16) -> &Parameters {
        let arm = self.arms.iter().find(|arm| buckets(arm).contains(&bucket));
        arm.map_or(&self.default, |arm| &arm.parameters)
    }
}

fn buckets(arm: &Arm) -> Range<u16> {
    arm.from..arm.to
}

fn meet(one: &Arm, other: &Arm) -> bool {
    one.from < other.to && other.from < one.to
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arm(name: &str, from: u16, to: u16) -> Arm {
        Arm {
            name: name.into(),
            from,
            to,
            parameters: Parameters {
                explore: 2,
                ..Parameters::default()
            },
        }
    }

    #[test]
    fn each_bucket_gets_the_parameters_of_its_arm() {
        let experiment = Experiment::new("salt".into(), 500, vec![arm("b", 500, 1_000)]);
        let experiment = experiment.expect("an experiment");
        assert_eq!(experiment.parameters(0).policy, Policy::Popular);
        assert_eq!(experiment.parameters(499).policy, Policy::Popular);
        assert_eq!(experiment.parameters(500).explore, 2);
        assert_eq!(*experiment.parameters(1_000), Parameters::default());
    }

    #[test]
    fn arms_that_make_no_sense_are_refused() {
        let new = |arms| Experiment::new("salt".into(), 500, arms).map(|_| ());
        assert_eq!(new(vec![arm("b", 9, 9)]), Err(ArmError::Range("b".into())));
        assert_eq!(
            new(vec![arm("b", 9_000, 10_001)]),
            Err(ArmError::Range("b".into()))
        );
        assert_eq!(
            new(vec![arm("b", 400, 600)]),
            Err(ArmError::Overlap("b".into(), "popular".into()))
        );
        let mut odd = arm("b", 600, 700);
        odd.parameters.recency = 2.0;
        assert!(matches!(new(vec![odd]), Err(ArmError::Parameter(name, _)) if name == "b"));
    }
}
