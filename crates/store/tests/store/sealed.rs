//! Values that are sealed anew with another key.
use std::collections::BTreeSet;

use latchkey_store::*;

use crate::world::*;

/// Another key's value of the same secret: the bytes that tell it stay.
fn anew(sealed: &[u8]) -> Vec<u8> {
    [&[2], &sealed[1..25], b"sealed with another key"].concat()
}

fn sealed(nonce: u8) -> Vec<u8> {
    [&[1][..], &[nonce; 24], b"sealed"].concat()
}

/// So that none is forgotten when the key changes.
#[tokio::test]
async fn every_table_with_sealed_values_is_known() {
    let tables = World::new().await.home.tables().await;
    let found = tables.iter().filter(|table| table.columns.keys().any(|column| column.contains("sealed")));
    let found: BTreeSet<_> = found.map(|table| table.name.as_str()).collect();
    assert_eq!(found, SealedIn::ALL.iter().map(|of| of.table()).chain(["signing_keys"]).collect());
}

#[tokio::test]
async fn a_value_is_put_in_the_place_of_one_that_is_as_it_was_read() {
    let world = World::new().await;
    let mut accounts = Vec::new();
    for number in 0..103 {
        let account = world.with_account(&format!("person{number}")).await.account_id;
        world.store.begin_two_factor(account, None, sealed(number), NOW, NOW.saturating_add(DAY)).await.unwrap();
        accounts.push(account);
    }
    let mut all: Vec<SealedValue> = Vec::new();
    loop {
        let page = world.store.sealed_values(SealedIn::TwoFactor, all.last()).await.unwrap();
        if page.is_empty() {
            break;
        }
        all.extend(page);
    }
    assert_eq!(all.iter().map(|value| value.account_id).collect::<Vec<_>>(), accounts, "each once, in order");
    // Somebody began anew meanwhile.
    world.store.begin_two_factor(accounts[7], None, sealed(200), NOW, NOW.saturating_add(DAY)).await.unwrap();
    let new: Vec<_> = all.into_iter().map(|value| (value.clone(), anew(&value.sealed))).collect();
    assert_eq!(world.store.reseal(SealedIn::TwoFactor, new.clone()).await.unwrap(), 102);
    assert_eq!(world.store.reseal(SealedIn::TwoFactor, new).await.unwrap(), 0, "done");
    let app = async |place: usize| world.store.authenticator_app(accounts[place]).await.unwrap().unwrap().sealed_secret;
    assert_eq!((app(6).await, app(7).await), (anew(&sealed(6)), sealed(200)));
}

/// A code that was checked against the value before is spent all the same, once.
#[tokio::test]
async fn a_code_is_spent_though_its_secret_was_sealed_anew_meanwhile() {
    let world = World::new().await;
    let ada = world.with_account("ada").await.account_id;
    let (_, session) = world.with_session(ada, NOW).await;
    world.store.begin_two_factor(ada, None, sealed(1), NOW, NOW.saturating_add(DAY)).await.unwrap();
    let reseal = async || {
        let value = world.store.sealed_values(SealedIn::TwoFactor, None).await.unwrap().remove(0);
        let new = anew(&value.sealed);
        world.store.reseal(SealedIn::TwoFactor, vec![(value, new)]).await.unwrap();
    };
    reseal().await;
    let enabling = Enabling {
        by: session.session_id,
        sealed_secret: sealed(1),
        step: 10,
        set: id(),
        code_hashes: vec![[1; 32]],
        now: NOW,
        event: counted("two_factor_enabled", NOW),
    };
    assert_eq!(world.store.enable_two_factor(ada, enabling).await.unwrap(), Some(0));
    let prove = async |sealed_secret: Vec<u8>, step| {
        let proof = Proof {
            session: session.session_id,
            checked_phc: PHC.into(),
            second_factor: Some((SecondFactor::Step { sealed_secret, step }, "door".into())),
            now: NOW,
            event: counted("backup_code_used", NOW),
        };
        world.store.prove(ada, proof).await.unwrap().done
    };
    world.store.tell_step(ada, &sealed(1), 13).await.unwrap();
    reseal().await;
    assert!(prove(sealed(1), 11).await);
    assert!(!prove(sealed(1), 11).await && !prove(anew(&sealed(1)), 11).await, "once");
    assert!(!prove(sealed(2), 12).await, "another secret");
    assert!(!prove(sealed(1), 13).await, "somebody was told of it");
    assert!(prove(anew(&sealed(1)), 12).await);
}
