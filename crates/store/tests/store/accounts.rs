use latchkey_store::*;

use crate::world::*;

const LATER: Micros = Micros(NOW.0 + 5);

#[tokio::test]
async fn signing_up_makes_an_account_that_is_found_by_both_names() {
    let world = World::new().await;
    let new = person("Ada");
    let made = world.store.sign_up(new.clone()).await.unwrap();
    let expected = Account {
        account_id: new.account_id,
        username: "Ada".into(),
        email: "Ada@example.org".into(),
        name: "Ada Example".into(),
        location: None,
        bio: None,
        avatar_etag: None,
        pending_email: None,
        two_factor_since: None,
        version: 1,
        disabled_at: None,
        created_at: NOW,
        updated_at: NOW,
    };
    assert_eq!(made, expected);
    assert_eq!(world.store.account(new.account_id).await.unwrap(), Some(expected.clone()));
    for (kind, key) in [(LoginKind::Username, "ada"), (LoginKind::Email, "ada@example.org")] {
        assert_eq!(world.store.find_login(kind, key).await.unwrap(), Some(new.account_id));
    }
    // The two kinds are apart: a user name that looks like somebody's address finds nobody.
    assert_eq!(world.store.find_login(LoginKind::Username, "ada@example.org").await.unwrap(), None);
    let credentials = world.store.credentials(new.account_id).await.unwrap().unwrap();
    assert_eq!((credentials.account, credentials.password_phc), (expected, new.password_phc));
    assert_eq!(world.store.account(AccountId(id())).await.unwrap(), None);
    assert!(world.store.credentials(AccountId(id())).await.unwrap().is_none());
}

#[tokio::test]
async fn everything_that_is_taken_is_told_at_once_and_nothing_stays_behind() {
    let world = World::new().await;
    world.with_account("ada").await;
    world.with_account("bob").await;
    let taken = |username_key: &str, email_key: &str| {
        let new = NewAccount { username_key: username_key.into(), email_key: email_key.into(), ..person("eve") };
        let store = world.store.clone();
        async move {
            match store.sign_up(new).await {
                Err(Error::Taken(kinds)) => kinds,
                Err(other) => panic!("{other}"),
                Ok(_) => vec![],
            }
        }
    };
    assert_eq!(taken("ada", "ada@example.org").await, [LoginKind::Username, LoginKind::Email]);
    assert_eq!(taken("ada", "bob@example.org").await, [LoginKind::Username, LoginKind::Email]);
    assert_eq!(taken("ada", "eve@example.org").await, [LoginKind::Username]);
    assert_eq!(taken("eve", "bob@example.org").await, [LoginKind::Email]);
    // The free halves of the refused ones are still free.
    assert_eq!(taken("eve", "eve@example.org").await, []);
}

#[tokio::test]
async fn an_id_that_is_in_use_is_a_conflict() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    let twin = NewAccount { account_id: ada.account_id, ..person("eve") };
    assert!(matches!(world.store.sign_up(twin).await, Err(Error::Conflict(Unique::Account))));
    assert_eq!(world.store.find_login(LoginKind::Username, "eve").await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_sign_ups_of_one_name_one_succeeds() {
    let world = World::new().await;
    let answers = at_once(64, |i| {
        let new = NewAccount { email_key: format!("{i}@example.org"), ..person("ada") };
        let store = world.store.clone();
        async move { store.sign_up(new).await }
    })
    .await;
    let refused = answers.iter().filter(|a| matches!(a, Err(Error::Taken(k)) if *k == [LoginKind::Username])).count();
    assert_eq!((answers.iter().filter(|a| a.is_ok()).count(), refused), (1, 63));
    assert_eq!(world.store.list_accounts(None, 100).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_edit_needs_the_version_it_was_made_from() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    let events = vec![event("profile_updated", LATER)];
    let change = ProfileChange { location: Some("London".into()), bio: Some("Notes".into()), events, ..profile(&ada) };
    let account = ada.account_id;
    let update = world.store.update_profile(ada.account_id, 1, change.clone(), LATER).await.unwrap();
    let expected =
        Account { location: Some("London".into()), bio: Some("Notes".into()), version: 2, updated_at: LATER, ..ada };
    assert_eq!(update, ProfileUpdate::Updated(expected.clone()));
    let stale = ProfileChange { bio: None, ..change.clone() };
    assert_eq!(world.store.update_profile(ada.account_id, 1, stale, LATER).await.unwrap(), ProfileUpdate::Stale);
    assert_eq!(world.store.account(ada.account_id).await.unwrap(), Some(expected));
    assert_eq!(world.store.count_events(account).await.unwrap(), 2, "what was stale is not recorded");
    let nobody = AccountId(id());
    assert_eq!(world.store.update_profile(nobody, 1, change, LATER).await.unwrap(), ProfileUpdate::Gone);
}

#[tokio::test]
async fn another_address_takes_the_new_one_and_frees_the_old() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    world.with_account("bob").await;
    let find = |key: &'static str| {
        let store = world.store.clone();
        async move { store.find_login(LoginKind::Email, key).await.unwrap() }
    };
    let with = |email: &str| ProfileChange { email: email.into(), email_key: email.to_lowercase(), ..profile(&ada) };

    let taken = world.store.update_profile(ada.account_id, 1, with("bob@example.org"), LATER).await;
    assert!(matches!(taken, Err(Error::Taken(kinds)) if kinds == [LoginKind::Email]));
    assert_eq!(world.store.account(ada.account_id).await.unwrap(), Some(ada.clone()));

    let moved = world.store.update_profile(ada.account_id, 1, with("ada@example.net"), LATER).await.unwrap();
    assert!(matches!(moved, ProfileUpdate::Updated(a) if a.email == "ada@example.net" && a.version == 2));
    assert_eq!(find("ada@example.net").await, Some(ada.account_id));
    assert_eq!(find("ada@example.org").await, None);

    // Only written differently: the claim stays.
    let cased = world.store.update_profile(ada.account_id, 2, with("Ada@Example.net"), LATER).await.unwrap();
    assert!(matches!(cased, ProfileUpdate::Updated(a) if a.email == "Ada@Example.net"));
    assert_eq!(find("ada@example.net").await, Some(ada.account_id));

    // The old address can be taken again, by her too.
    let back = world.store.update_profile(ada.account_id, 3, with("ada@example.org"), LATER).await.unwrap();
    assert!(matches!(back, ProfileUpdate::Updated(_)));
    assert_eq!(find("ada@example.net").await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_edits_of_one_version_one_succeeds() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    let answers = at_once(64, |i| {
        let email = format!("ada-{i}@example.org");
        let change = ProfileChange { email_key: email.clone(), email, ..profile(&ada) };
        let (store, id) = (world.store.clone(), ada.account_id);
        async move { store.update_profile(id, 1, change, LATER).await.unwrap() }
    })
    .await;
    assert_eq!(answers.iter().filter(|a| matches!(a, ProfileUpdate::Updated(_))).count(), 1);
    assert_eq!(answers.iter().filter(|a| **a == ProfileUpdate::Stale).count(), 63);
    let mut free = 0;
    for i in 0..64 {
        let found = world.store.find_login(LoginKind::Email, &format!("ada-{i}@example.org")).await.unwrap();
        free += u32::from(found.is_none());
    }
    assert_eq!(free, 63);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_people_moving_to_one_address_one_succeeds() {
    let world = World::new().await;
    let mut people = Vec::new();
    for i in 0..64 {
        people.push(world.with_account(&format!("p{i}")).await);
    }
    let answers = at_once(64, |i| {
        let change =
            ProfileChange { email: "a@example.org".into(), email_key: "a@example.org".into(), ..profile(&people[i]) };
        let (store, id) = (world.store.clone(), people[i].account_id);
        async move { (i, store.update_profile(id, 1, change, LATER).await) }
    })
    .await;
    let won: Vec<_> = answers.iter().filter(|(_, a)| matches!(a, Ok(ProfileUpdate::Updated(_)))).collect();
    let lost = answers.iter().filter(|(_, a)| matches!(a, Err(Error::Taken(_)))).count();
    assert_eq!((won.len(), lost), (1, 63));
    let owner = world.store.find_login(LoginKind::Email, "a@example.org").await.unwrap();
    assert_eq!(owner, Some(people[won[0].0].account_id));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_hash_is_replaced_by_one_of_64_who_read_the_same() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    let old = world.store.credentials(ada.account_id).await.unwrap().unwrap().password_phc;
    let answers = at_once(64, |i| {
        let (store, old, id) = (world.store.clone(), old.clone(), ada.account_id);
        async move { store.rehash_password(id, &old, &format!("$new${i}")).await.unwrap().then_some(i) }
    })
    .await;
    let won: Vec<_> = answers.into_iter().flatten().collect();
    assert_eq!(won.len(), 1);
    let now = world.store.credentials(ada.account_id).await.unwrap().unwrap().password_phc;
    assert_eq!(now, format!("$new${}", won[0]));
}

#[tokio::test]
async fn accounts_are_listed_page_by_page_in_the_order_they_were_made() {
    let world = World::new().await;
    let mut made = Vec::new();
    for i in 0..7 {
        made.push(world.with_account(&format!("p{i}")).await.account_id);
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = world.store.list_accounts(after, 3).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.account_id);
        seen.extend(page.iter().map(|a| a.account_id));
    }
    assert_eq!(seen, made);
}

#[tokio::test]
async fn disabling_marks_the_account_and_can_be_undone() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    let disable = |id| world.store.disable_account(id, LATER, event("account_disabled", LATER));
    let enable = |id| world.store.enable_account(id, event("account_enabled", LATER));
    assert!(!enable(ada.account_id).await.unwrap());
    assert!(disable(ada.account_id).await.unwrap());
    assert!(!disable(ada.account_id).await.unwrap(), "once");
    assert_eq!(world.store.account(ada.account_id).await.unwrap().unwrap().disabled_at, Some(LATER));
    assert!(enable(ada.account_id).await.unwrap());
    assert_eq!(world.store.account(ada.account_id).await.unwrap(), Some(ada));
    assert!(!disable(AccountId(id())).await.unwrap());
}
