//! Shop the look.

use std::sync::Arc;

use domain::outfit::{LookOutcome, LookRepository, OutfitId};
use domain::product::{Product, ProductId, ProductRepository};
use domain::user::User;
use repository::outfit::SeaLooks;
use test_database::on_every_engine;

use crate::builders::{draft, id, noon, product};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    an_outfit_shows_its_products_in_order_and_each_once,
    another_owners_products_look_absent_and_stay,
    what_lies_in_the_bin_is_not_shown,
    a_product_leads_to_the_visible_outfits_that_show_it,
}

impl World {
    fn looks(&self) -> SeaLooks {
        SeaLooks::new(self.database.clone())
    }

    async fn shelf(&self, owner: &User, names: &[&str]) -> Vec<ProductId> {
        let mut ids = Vec::new();
        for name in names {
            ids.push(self.store_product(product(owner, draft(name))).await.id);
        }
        ids
    }

    async fn name(&self, outfit: OutfitId, owner: &User, products: &[ProductId]) -> LookOutcome {
        let named = self.looks().replace(outfit, owner.id, products).await;
        named.expect("an answer")
    }

    async fn shown(&self, outfit: OutfitId) -> Vec<ProductId> {
        let shown: Vec<Product> = self.looks().products(outfit).await.expect("a list");
        shown.iter().map(|product| product.id).collect()
    }
}

async fn an_outfit_shows_its_products_in_order_and_each_once(world: Arc<World>) {
    let (owner, outfit) = (world.user().await, world.outfit().await);
    let ids = world.shelf(&owner, &["가디건", "슬랙스", "로퍼"]).await;
    let named = [ids[2], ids[0], ids[2]];
    for _ in 0..2 {
        assert_eq!(world.name(outfit, &owner, &named).await, LookOutcome::Done);
        assert_eq!(world.shown(outfit).await, [ids[2], ids[0]]);
    }
    assert_eq!(
        world.name(outfit, &owner, &[ids[1]]).await,
        LookOutcome::Done
    );
    assert_eq!(world.shown(outfit).await, [ids[1]]);
    assert_eq!(world.name(outfit, &owner, &[]).await, LookOutcome::Done);
    assert_eq!(world.shown(outfit).await, []);
    let absent = world.name(id(), &owner, &ids).await;
    assert_eq!(absent, LookOutcome::OutfitAbsent);
}

async fn another_owners_products_look_absent_and_stay(world: Arc<World>) {
    let (owner, other) = (world.user().await, world.user().await);
    let outfit = world.outfit().await;
    let (ours, theirs) = (
        world.shelf(&owner, &["a"]).await,
        world.shelf(&other, &["b"]).await,
    );
    assert_eq!(world.name(outfit, &other, &theirs).await, LookOutcome::Done);
    let both = [ours[0], theirs[0]];
    let refused = world.name(outfit, &owner, &both).await;
    assert_eq!(refused, LookOutcome::ProductAbsent);
    assert_eq!(world.shown(outfit).await, theirs);
    assert_eq!(world.name(outfit, &owner, &ours).await, LookOutcome::Done);
    let mut shown = world.shown(outfit).await;
    shown.sort();
    assert_eq!(shown, both);
    assert_eq!(world.name(outfit, &owner, &[]).await, LookOutcome::Done);
    assert_eq!(world.shown(outfit).await, theirs);
}

async fn what_lies_in_the_bin_is_not_shown(world: Arc<World>) {
    let (owner, outfit) = (world.user().await, world.outfit().await);
    let ids = world.shelf(&owner, &["a", "b"]).await;
    assert_eq!(world.name(outfit, &owner, &ids).await, LookOutcome::Done);
    let gone = world.products.delete(owner.id, ids[0], None, noon()).await;
    gone.expect("lies in the bin");
    assert_eq!(world.shown(outfit).await, [ids[1]]);
    let refused = world.name(outfit, &owner, &ids).await;
    assert_eq!(refused, LookOutcome::ProductAbsent);
    let back = world.products.restore(owner.id, ids[0], noon()).await;
    back.expect("stands on the shelf");
    assert_eq!(world.shown(outfit).await, ids);
    world.products.delete_all(owner.id).await.expect("all go");
    assert_eq!(world.count("outfit_products").await, 0);
}

async fn a_product_leads_to_the_visible_outfits_that_show_it(world: Arc<World>) {
    let (owner, other) = (world.user().await, world.user().await);
    let product = world.shelf(&owner, &["a"]).await[0];
    let mut outfits = Vec::new();
    for _ in 0..4 {
        let outfit = world.outfit().await;
        assert_eq!(
            world.name(outfit, &owner, &[product]).await,
            LookOutcome::Done
        );
        outfits.push(outfit);
    }
    world.hide(outfits[1]).await;
    let looks = world.looks();
    let page = looks.outfits(owner.id, product, None, 2).await;
    assert_eq!(page.expect("a page"), [outfits[3], outfits[2]]);
    let page = looks.outfits(owner.id, product, Some(outfits[2]), 2).await;
    assert_eq!(page.expect("a page"), [outfits[0]]);
    let page = looks.outfits(other.id, product, None, 2).await;
    assert_eq!(page.expect("a page"), []);
}
