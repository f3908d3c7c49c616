//! What a browser is shown that came back from a provider: a page that loads nothing and leads nowhere.

use latchkey_api::desktop::NativeWords;
use tokio::{io::AsyncWriteExt, net::TcpStream};

/// Answers with one sentence, in the language of the words it is from, and hangs up.
pub(crate) async fn reply(
    browser: &mut TcpStream,
    status: &str,
    words: &NativeWords,
    sentence: &str,
) -> std::io::Result<()> {
    let (language, direction) = (&words.language, if words.right_to_left { "rtl" } else { "ltr" });
    // What would be markup stands as it is.
    let sentence = sentence.replace('&', "&amp;").replace('<', "&lt;");
    let page = format!(
        "<!doctype html>\n<html lang=\"{language}\" dir=\"{direction}\">\n<meta charset=\"utf-8\">\n<meta \
         name=\"color-scheme\" content=\"light dark\">\n<title>Latchkey</title>\n<p>{sentence}</p>\n</html>\n"
    );
    let reply = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nContent-Security-Policy: \
         default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\nReferrer-Policy: \
         no-referrer\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n{page}",
        page.len()
    );
    browser.write_all(reply.as_bytes()).await?;
    browser.shutdown().await
}
