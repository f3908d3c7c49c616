//! Uploads: how far they are, and how they end.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use latchkey_api::{avatar::AvatarApi, common::Caller, problem::ErrorCode, wire::Upload};
use latchkey_client::{Client, ProgressFn, Timeouts};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::oneshot,
    time::{sleep, timeout},
};

use crate::servers::{SHORT, client, each, read_head};

const SIZE: usize = 12 * 1024 * 1024;

fn picture() -> Upload {
    Upload { media_type: "image/png".into(), bytes: Bytes::from(vec![7; SIZE]) }
}

type Told = Arc<Mutex<Vec<(u64, u64)>>>;

fn progress() -> (ProgressFn, Told) {
    let told = Told::default();
    let list = Arc::clone(&told);
    (Arc::new(move |sent, total| list.lock().unwrap().push((sent, total))), told)
}

/// Waits for the value, which another task makes.
async fn until(condition: impl Fn() -> bool) {
    timeout(Duration::from_secs(10), async {
        while !condition() {
            sleep(Duration::from_millis(10)).await;
        }
    })
    .await
    .expect("it comes to that");
}

#[tokio::test]
async fn progress_grows_with_what_the_server_takes() {
    let (go, wait) = oneshot::channel::<()>();
    let wait = Arc::new(Mutex::new(Some(wait)));
    let address = each(move |mut stream| {
        let wait = wait.lock().unwrap().take();
        async move {
            let mut taken = read_head(&mut stream).await.split_once("\r\n\r\n").unwrap().1.len();
            let Some(wait) = wait else { return };
            wait.await.unwrap();
            let mut piece = vec![0; 65536];
            while taken < SIZE {
                taken += stream.read(&mut piece).await.unwrap();
                // Slower in all than the time-out, though no pause is as long.
                sleep(Duration::from_millis(20)).await;
            }
            let problem = r#"{"type":"about:blank","title":"t","status":422,"code":"invalid_image"}"#;
            let head = "HTTP/1.1 422 Unprocessable\r\nContent-Type: application/problem+json\r\n";
            let answer = format!("{head}Content-Length: {}\r\n\r\n{problem}", problem.len());
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let (tell, told) = progress();
    let origin = format!("http://{}", address.await).parse().unwrap();
    let patient = Timeouts { silence: Duration::from_secs(3), ..SHORT };
    let client = Client::remote_with(&origin, "test", patient).unwrap().with_progress(tell);
    let upload = tokio::spawn(async move { client.put_avatar(&Caller::default(), picture()).await });
    until(|| !told.lock().unwrap().is_empty()).await;
    sleep(Duration::from_millis(100)).await;
    let (sent, total) = *told.lock().unwrap().last().unwrap();
    assert!(sent < total && total == SIZE as u64, "the server has not read yet, {sent} of {total} are told");
    go.send(()).unwrap();
    assert_eq!(upload.await.unwrap().unwrap_err().code(), ErrorCode::InvalidImage);
    let told = told.lock().unwrap();
    assert!(told.is_sorted() && told.len() > 100, "{} steps", told.len());
    assert_eq!(*told.last().unwrap(), (SIZE as u64, SIZE as u64));
}

#[tokio::test]
async fn a_server_that_stops_reading_is_timed_out() {
    let address = each(|mut stream| async move {
        read_head(&mut stream).await;
        sleep(Duration::from_mins(1)).await;
    });
    let client = client(&format!("http://{}", address.await));
    let refused = timeout(Duration::from_secs(5), client.put_avatar(&Caller::default(), picture())).await.unwrap();
    assert_eq!(refused.unwrap_err().code(), ErrorCode::TimedOut);
}

#[tokio::test]
async fn a_connection_cut_within_an_upload_is_lost() {
    let address = each(|mut stream| async move {
        read_head(&mut stream).await;
        let mut piece = vec![0; 65536];
        for _ in 0..4 {
            let _ = stream.read(&mut piece).await;
        }
    });
    let client = client(&format!("http://{}", address.await));
    let lost = client.put_avatar(&Caller::default(), picture()).await.unwrap_err();
    assert_eq!(lost.code(), ErrorCode::ConnectionLost);
}

#[tokio::test]
async fn dropping_the_call_cancels_the_request() {
    let (tell_end, ended) = oneshot::channel::<usize>();
    let tell_end = Arc::new(Mutex::new(Some(tell_end)));
    let (tell, told) = progress();
    let address = each(move |mut stream| {
        let tell_end = tell_end.lock().unwrap().take();
        async move {
            let mut taken = read_head(&mut stream).await.len();
            let mut piece = vec![0; 4096];
            loop {
                match stream.read(&mut piece).await {
                    Ok(0) | Err(_) => break,
                    Ok(length) => taken += length,
                }
                sleep(Duration::from_millis(5)).await;
            }
            if let Some(tell_end) = tell_end {
                tell_end.send(taken).unwrap();
            }
        }
    });
    let client = client(&format!("http://{}", address.await)).with_progress(tell);
    let upload = tokio::spawn(async move { client.put_avatar(&Caller::default(), picture()).await });
    until(|| !told.lock().unwrap().is_empty()).await;
    upload.abort();
    let taken = timeout(Duration::from_secs(20), ended).await.expect("the connection ends").unwrap();
    assert!(taken < SIZE, "{taken} bytes arrived all the same");
}
