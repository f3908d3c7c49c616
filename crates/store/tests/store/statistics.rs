use latchkey_store::*;

use crate::world::*;

#[tokio::test]
async fn every_read_and_every_transaction_is_counted_for_all_clones() {
    let world = World::new().await;
    let begun = world.store.statistics();
    let ada = world.with_account("ada").await;
    assert_eq!(world.store.statistics(), Statistics { writes: begun.writes + 1, ..begun });
    world.store.clone().account(ada.account_id).await.unwrap();
    assert_eq!(world.store.check_session(ada.account_id, &[9; 32]).await.unwrap(), None);
    assert_eq!(world.store.statistics(), Statistics { reads: begun.reads + 2, writes: begun.writes + 1 });
}
