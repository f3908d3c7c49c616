//! Bodies, commits, disks and tasks that fail.
use super::*;

#[tokio::test]
async fn a_body_that_panics_is_undone_and_the_writer_goes_on() {
    let bench = Bench::new().await;
    let (let_go, _holder) = bench.hold().await;
    let before = bench.add(1);
    let writer = bench.writer.clone();
    let panics = tokio::spawn(async move {
        writer
            .run::<(), _>(|c| {
                Box::pin(async move {
                    insert(c, 7).await?;
                    panic!("on purpose")
                })
            })
            .await
    });
    queue_up().await;
    let after = bench.add(2);
    let_go.notify_one();
    assert!(matches!(soon(panics).await.unwrap(), Err(Error::Panicked)));
    soon(before).await.unwrap().unwrap();
    soon(after).await.unwrap().unwrap();
    assert_eq!(bench.numbers().await, BTreeSet::from([1, 2]));
}

#[tokio::test]
async fn a_body_that_keeps_the_writer_too_long_loses_it() {
    let bench = Bench::with_turn(Duration::from_millis(200)).await;
    let writer = bench.writer.clone();
    let slow = tokio::spawn(async move {
        writer
            .run(|c| {
                Box::pin(async move {
                    insert(c, 7).await?;
                    sleep(Duration::from_hours(1)).await;
                    Ok(())
                })
            })
            .await
    });
    queue_up().await;
    let after = bench.add(2);
    assert!(matches!(soon(slow).await.unwrap(), Err(Error::TimedOut)));
    soon(after).await.unwrap().unwrap();
    assert_eq!(bench.numbers().await, BTreeSet::from([2]));
}

#[tokio::test]
async fn a_failed_commit_fails_everybody_in_the_group_and_nobody_after() {
    let bench = Bench::new().await;
    let (let_go, holder) = bench.hold().await;
    let before = bench.add(1);
    let writer = bench.writer.clone();
    let orphan = tokio::spawn(async move {
        writer
            .run(|c| {
                Box::pin(async move {
                    // Checked only by COMMIT.
                    c.execute("PRAGMA defer_foreign_keys = on; INSERT INTO parts (n) VALUES (99)").await?;
                    Ok(())
                })
            })
            .await
    });
    queue_up().await;
    let_go.notify_one();
    for told in [soon(before).await.unwrap().map(|_| ()), soon(orphan).await.unwrap(), soon(holder).await.unwrap()] {
        let Err(Error::Database(source)) = told else { panic!("told {told:?}") };
        assert!(source.as_database_error().unwrap().is_foreign_key_violation());
    }
    soon(bench.add(2)).await.unwrap().unwrap();
    assert_eq!(bench.numbers().await, BTreeSet::from([2]));
}

#[tokio::test]
async fn where_sqlite_undoes_the_whole_transaction_nobody_is_told_it_was_kept() {
    let bench = Bench::new().await;
    let (let_go, _holder) = bench.hold().await;
    let before = bench.add(1);
    let writer = bench.writer.clone();
    let culprit: JoinHandle<Result<()>> = tokio::spawn(async move {
        writer
            .run(|c| {
                Box::pin(async move {
                    c.execute("ROLLBACK").await?;
                    Err(Error::Full)
                })
            })
            .await
    });
    queue_up().await;
    let_go.notify_one();
    assert!(matches!(soon(culprit).await.unwrap(), Err(Error::Full)));
    assert!(matches!(soon(before).await.unwrap(), Err(Error::Full)));
    soon(bench.add(2)).await.unwrap().unwrap();
    assert_eq!(bench.numbers().await, BTreeSet::from([2]));
}

#[tokio::test]
async fn a_full_database_is_told_as_such_and_loses_nothing() {
    let bench = Bench::new().await;
    soon(bench.add(1)).await.unwrap().unwrap();
    let (let_go, _holder) = bench.hold().await;
    let writer = bench.writer.clone();
    let large = tokio::spawn(async move {
        writer
            .run(|c| {
                Box::pin(async move {
                    c.execute("PRAGMA max_page_count = 1").await?;
                    sqlx::query("INSERT INTO numbers (n, pad) VALUES (7, zeroblob(1000000))").execute(c).await?;
                    Ok(())
                })
            })
            .await
    });
    queue_up().await;
    let_go.notify_one();
    assert!(matches!(soon(large).await.unwrap(), Err(Error::Full)));
    soon(bench.add(2)).await.unwrap().unwrap();
    assert_eq!(bench.numbers().await, BTreeSet::from([1, 2]));
}

#[tokio::test]
async fn while_another_program_writes_everybody_in_line_is_told_at_once() {
    let bench = Bench::new().await;
    let mut other = connections::writer(&bench.path).await.unwrap();
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    let calls: Vec<_> = (1..=10).map(|n| bench.add(n)).collect();
    for call in calls {
        assert!(matches!(soon(call).await.unwrap(), Err(Error::Busy)));
    }
    other.execute("ROLLBACK").await.unwrap();
    soon(bench.add(11)).await.unwrap().unwrap();
    assert_eq!(bench.numbers().await, BTreeSet::from([11]));
}

#[test]
fn callers_of_a_writer_whose_task_is_gone_are_told_so() {
    let there = tokio::runtime::Runtime::new().unwrap();
    let here = tokio::runtime::Runtime::new().unwrap();
    let bench = there.block_on(Bench::new());
    let (_, holder) = there.block_on(bench.hold());
    let writer = bench.writer.clone();
    let in_line = here.spawn(async move { writer.run(|c| Box::pin(async move { insert(c, 1).await })).await });
    here.block_on(queue_up());
    drop(there);
    here.block_on(async {
        assert!(matches!(soon(in_line).await.unwrap(), Err(Error::Closed)));
        assert!(matches!(soon(bench.writer.run(|_| Box::pin(async { Ok(()) }))).await, Err(Error::Closed)));
        soon(bench.writer.close()).await;
        assert_eq!(bench.numbers().await, BTreeSet::new());
    });
    drop(holder);
}
