//! Doing things at the same moment.

use std::sync::Arc;

use tokio::sync::Barrier;

/// How many take part in a race.
pub(crate) const RUNNERS: usize = 20;

/// Starts [`RUNNERS`] tasks at the same moment; what each came to, in order.
pub(crate) async fn race<T, F>(task: impl Fn(usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let start = Arc::new(Barrier::new(RUNNERS));
    let runners: Vec<_> = (0..RUNNERS)
        .map(|number| {
            let (start, task) = (start.clone(), task(number));
            tokio::spawn(async move {
                start.wait().await;
                task.await
            })
        })
        .collect();
    let mut outcomes = Vec::with_capacity(RUNNERS);
    for runner in runners {
        outcomes.push(runner.await.expect("a runner arrives"));
    }
    outcomes
}

/// How many of the outcomes are such.
pub(crate) fn count<T>(outcomes: &[T], such: impl Fn(&T) -> bool) -> usize {
    outcomes.iter().filter(|outcome| such(outcome)).count()
}
