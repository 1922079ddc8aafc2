//! What is kept, and when it is forgotten.

use std::sync::atomic::{AtomicUsize, Ordering};

use domain::product::MockProductRepository;
use mockall::predicate::eq;

use super::*;
use crate::testing::{OWNER, failure, product, start};

const ID: i64 = 1;

fn owner() -> UserId {
    OWNER.into()
}

/// Storage that has the owner's product, and counts how often it is asked for one.
fn storage() -> (MockProductRepository, Arc<AtomicUsize>) {
    let reads = Arc::<AtomicUsize>::default();
    let counted = reads.clone();
    let mut storage = MockProductRepository::new();
    storage.expect_find_owned().returning(move |owner, id| {
        counted.fetch_add(1, Ordering::SeqCst);
        let is_theirs = owner.get() == OWNER && id.get() == ID;
        Ok(is_theirs.then(|| product(ID)))
    });
    (storage, reads)
}

impl RememberedProducts {
    async fn find(&self) -> Option<Product> {
        let found = self.find_owned(owner(), ID.into()).await;
        found.expect("an answer")
    }
}

#[tokio::test]
async fn a_product_is_read_once() {
    let (storage, reads) = storage();
    let products = RememberedProducts::new(Arc::new(storage));
    for _ in 0..3 {
        assert_eq!(products.find().await, Some(product(ID)));
    }
    assert_eq!(reads.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_is_remembered_is_its_owners_only() {
    let (storage, reads) = storage();
    let products = RememberedProducts::new(Arc::new(storage));
    assert!(products.find().await.is_some());
    let strangers = products.find_owned(8.into(), ID.into()).await;
    assert_eq!(strangers.expect("an answer"), None);
    assert_eq!(reads.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn absence_and_failure_are_not_remembered() {
    let mut storage = MockProductRepository::new();
    let mut asked = 0;
    storage.expect_find_owned().returning(move |_, _| {
        asked += 1;
        match asked {
            1 => Ok(None),
            2 => Err(failure()),
            _ => Ok(Some(product(ID))),
        }
    });
    let products = RememberedProducts::new(Arc::new(storage));
    assert_eq!(products.find().await, None);
    assert!(products.find_owned(owner(), ID.into()).await.is_err());
    assert_eq!(products.find().await, Some(product(ID)));
}

/// What a change may come to: an error too, for a commit whose answer was lost may have happened.
fn outcomes() -> [fn() -> Result<ProductOutcome, RepositoryError>; 4] {
    [
        || Ok(ProductOutcome::Done(Box::new(product(ID)))),
        || Ok(ProductOutcome::Stale),
        || Ok(ProductOutcome::Absent),
        || Err(failure()),
    ]
}

#[tokio::test]
async fn a_change_makes_forget_the_product_whatever_comes_of_it() {
    for outcome in outcomes() {
        let (mut storage, reads) = storage();
        let (id, version) = (ProductId::from(ID), Some(Version::FIRST));
        storage
            .expect_update()
            .with(
                eq(owner()),
                eq(id),
                eq(version),
                eq(ProductChange::default()),
                eq(start()),
            )
            .times(1)
            .returning(move |_, _, _, _, _| outcome());
        storage
            .expect_delete()
            .with(eq(owner()), eq(id), eq(version), eq(start()))
            .times(1)
            .returning(move |_, _, _, _| outcome());
        storage
            .expect_restore()
            .with(eq(owner()), eq(id), eq(start()))
            .times(1)
            .returning(move |_, _, _| outcome());
        let products = RememberedProducts::new(Arc::new(storage));
        products.find().await;

        let change = ProductChange::default();
        let updated = products.update(owner(), id, version, &change, start());
        assert_eq!(updated.await.ok(), outcome().ok());
        products.find().await;
        assert_eq!(reads.load(Ordering::SeqCst), 2);

        let deleted = products.delete(owner(), id, version, start()).await;
        assert_eq!(deleted.ok(), outcome().ok());
        products.find().await;
        assert_eq!(reads.load(Ordering::SeqCst), 3);

        let restored = products.restore(owner(), id, start()).await;
        assert_eq!(restored.ok(), outcome().ok());
        products.find().await;
        assert_eq!(reads.load(Ordering::SeqCst), 4);
    }
}

#[tokio::test]
async fn a_change_makes_forget_no_other_product() {
    let mut storage = MockProductRepository::new();
    storage
        .expect_find_owned()
        .times(1)
        .returning(|_, id| Ok(Some(product(id.get()))));
    storage
        .expect_delete()
        .returning(|_, _, _, _| Ok(ProductOutcome::Absent));
    let products = RememberedProducts::new(Arc::new(storage));
    products.find().await;
    let other = products.delete(owner(), 2.into(), None, start()).await;
    assert!(other.is_ok());
    assert_eq!(products.find().await, Some(product(ID)));
}

#[tokio::test]
async fn removing_all_products_makes_forget_all_of_them() {
    for outcome in [|| Ok(1), || Err(failure())] {
        let (mut storage, reads) = storage();
        storage
            .expect_delete_all()
            .with(eq(owner()))
            .returning(move |_| outcome());
        let products = RememberedProducts::new(Arc::new(storage));
        products.find().await;
        let removed = products.delete_all(owner()).await;
        assert_eq!(removed.ok(), outcome().ok());
        products.find().await;
        assert_eq!(reads.load(Ordering::SeqCst), 2);
    }
}

#[tokio::test]
async fn everything_else_is_asked_of_storage_and_makes_forget_nothing() {
    let (mut storage, reads) = storage();
    let import = ImportId::from(9);
    storage.expect_insert().times(1).returning(|_| Ok(()));
    storage
        .expect_list()
        .times(1)
        .returning(|_, _| Ok(vec![product(3)]));
    storage.expect_stage().times(1).returning(|_, _| Ok(()));
    storage.expect_publish().times(1).returning(|_| Ok(4));
    storage.expect_discard().times(1).returning(|_| Ok(5));
    storage
        .expect_discard_staged()
        .times(1)
        .returning(|_| Ok(6));
    let products = RememberedProducts::new(Arc::new(storage));
    products.find().await;

    assert!(products.insert(&product(2)).await.is_ok());
    let query = ProductQuery::newest(10);
    let listed = products.list(owner(), &query).await;
    assert_eq!(listed.ok(), Some(vec![product(3)]));
    assert!(products.stage(import, &[product(4)]).await.is_ok());
    assert_eq!(products.publish(import).await.ok(), Some(4));
    assert_eq!(products.discard(import).await.ok(), Some(5));
    assert_eq!(products.discard_staged(import).await.ok(), Some(6));

    products.find().await;
    assert_eq!(reads.load(Ordering::SeqCst), 1);
}
