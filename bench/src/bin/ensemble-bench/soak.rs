//! Everything at once for a long time: does the server grow?

use std::io;
use std::time::{Duration, Instant};

use bench::Outcome;
use bench::client::{self, Requests};
use bench::process::{open_descriptors, resident};

use crate::place::Place;
use crate::scenarios::Scenario;
use crate::stage::Stage;

/// For so long people stay signed in: two thirds of what a token lives unless told otherwise.
const SITTING: Duration = Duration::from_secs(10 * 60);

/// What is asked of a server for a long time.
#[derive(clap::Args)]
pub(crate) struct Soak {
    /// For how long
    #[arg(long, default_value_t = 10)]
    minutes: u64,
    /// The server's process on this machine
    #[arg(long)]
    pid: u32,
    /// How often it is looked at
    #[arg(long, default_value_t = 10)]
    every_seconds: u64,
}

/// The server at one moment.
#[derive(Clone, Copy, Debug)]
struct Sample {
    at: f64,
    resident: f64,
    descriptors: f64,
}

impl Soak {
    /// Loads it, and tells how it grew: all samples as CSV on standard output, the slopes of the
    /// second half at the end, for the first half warms up.
    ///
    /// # Errors
    /// Where a connection breaks, the process ends, or an answer is not 2xx.
    pub(crate) async fn run(self, place: &Place, connections: usize) -> Outcome<()> {
        let duration = Duration::from_secs(self.minutes * 60);
        let loading = tokio::spawn(load(place.clone(), connections, duration));
        let begin = Instant::now();
        let mut samples = Vec::new();
        let mut rounds = tokio::time::interval(Duration::from_secs(self.every_seconds.max(1)));
        println!("seconds,resident_bytes,descriptors");
        while !loading.is_finished() {
            rounds.tick().await;
            let sample = self.look(begin)?;
            println!(
                "{:.0},{:.0},{:.0}",
                sample.at, sample.resident, sample.descriptors
            );
            samples.push(sample);
        }
        let (answers, failures) = loading.await??;
        let second_half = &samples[samples.len() / 2..];
        let of = |value: fn(&Sample) -> f64| {
            slope(
                second_half
                    .iter()
                    .map(|sample| (sample.at / 3_600.0, value(sample))),
            )
        };
        eprintln!(
            "{} answers, {} other than 2xx; an hour: {:+.1} MiB resident, {:+.1} descriptors",
            answers,
            failures,
            of(|sample| sample.resident) / 1_048_576.0,
            of(|sample| sample.descriptors),
        );
        match failures {
            0 => Ok(()),
            // A server that refuses does next to nothing.
            _ => Err("not all answers were 2xx: this was another load than the one meant".into()),
        }
    }

    fn look(&self, begin: Instant) -> io::Result<Sample> {
        Ok(Sample {
            at: begin.elapsed().as_secs_f64(),
            resident: resident(self.pid)? as f64,
            descriptors: open_descriptors(self.pid)? as f64,
        })
    }
}

/// Asks for everything for so long, as new people each time the tokens of those before grow old; how many answers there
/// were, and how many of them other than 2xx.
async fn load(place: Place, connections: usize, duration: Duration) -> Outcome<(u64, u64)> {
    let end = Instant::now() + duration;
    let (mut answers, mut failures) = (0, 0);
    loop {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok((answers, failures));
        }
        let stage = Stage::set(&place).await?;
        let loads = Scenario::ALL.iter().filter_map(|one| one.requests(&stage));
        let mixed = mix(loads.collect());
        let load = client::run(stage.address, &mixed, connections, left.min(SITTING)).await?;
        answers += load.requests;
        failures += load.failures;
    }
}

/// One of each, in turn.
fn mix(loads: Vec<Requests>) -> Requests {
    Requests::made(move |number| loads[number % loads.len()].next().into_owned())
}

/// By how much the second grows for each one of the first: the line of least squares. 0 where the
/// points are too few to tell.
fn slope(points: impl Iterator<Item = (f64, f64)>) -> f64 {
    let points: Vec<(f64, f64)> = points.collect();
    let count = points.len() as f64;
    let mean = |part: fn(&(f64, f64)) -> f64| points.iter().map(part).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let spread: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    let together: f64 = points
        .iter()
        .map(|point| (point.0 - x) * (point.1 - y))
        .sum();
    match spread > 0.0 {
        true => together / spread,
        false => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slope_is_that_of_the_line_through_the_points() {
        let line = [0.0, 1.0, 5.0].map(|x| (x, 3.0 * x + 7.0));
        assert!((slope(line.into_iter()) - 3.0).abs() < 1e-9);
        let noise = [(0.0, 1.0), (1.0, -1.0), (2.0, -1.0), (3.0, 1.0)];
        assert!(slope(noise.into_iter()).abs() < 1e-9);
        assert_eq!(slope([(1.0, 5.0)].into_iter()), 0.0);
        assert_eq!(slope(std::iter::empty()), 0.0);
    }
}
