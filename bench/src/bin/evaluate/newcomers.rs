//! How good the first feeds of somebody new are: after one heart and after five.

use crate::{
    data::Data,
    metrics,
    models::{Engine, ItemKnn, Model, Popular},
};
use recommender::Parameters;

/// One user in so many is held back altogether, to come anew.
const NEW: u32 = 10;

/// Teaches each model without some users, then lets these heart one item (or five) and looks for the rest of theirs.
pub(crate) fn run(data: &Data, parameters: &Parameters) {
    println!(
        "\n{:<34}{:>16}{:>16}",
        "newcomers", "after 1 heart", "after 5 hearts"
    );
    let models: Vec<Box<dyn Fn() -> Box<dyn Model>>> = vec![
        Box::new(|| Box::new(Engine::new("engine, as served", parameters.clone()))),
        Box::new(|| Box::new(ItemKnn::default())),
        Box::new(|| Box::new(Popular::default())),
    ];
    for make in models {
        let mut scores = Vec::new();
        let mut name = String::new();
        for given in [1, 5] {
            let mut model = make();
            data.teach_those(model.as_mut(), |user| user % NEW != 0);
            scores.push(after(model.as_mut(), data, given));
            name = model.name();
        }
        println!(
            "{:<34}{:>9.4} NDCG@10{:>8.4} NDCG@10",
            name, scores[0], scores[1]
        );
    }
}

fn after(model: &mut dyn Model, data: &Data, given: usize) -> f64 {
    let mut hearts = vec![Vec::new(); data.users()];
    for &(user, item) in data.learned.iter().filter(|(user, _)| user % NEW == 0) {
        hearts[user as usize].push(item);
    }
    let (mut sum, mut asked) = (0.0, 0_u32);
    for (user, hearts) in (0..)
        .zip(&hearts)
        .filter(|(user, _): &(u32, _)| user % NEW == 0)
    {
        if hearts.len() < given {
            continue;
        }
        let (first, rest) = hearts.split_at(given);
        let held_out = rest
            .iter()
            .copied()
            .chain(data.test[user as usize].iter().copied())
            .filter(|item| !first.contains(item))
            .collect();
        // Each is asked as the only newcomer: a model that knows the others already would have it easier.
        let list = model.list_after(user, first, 10, data.end());
        sum += metrics::ndcg(&list, &held_out, 10);
        asked += 1;
    }
    sum / f64::from(asked.max(1))
}
