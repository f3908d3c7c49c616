//! SSH keys, checked by OpenSSH: made in the window, read by `ssh-keygen` and `ssh`, let in by `sshd`.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use latchkey_desktop_testkit::output_of;

use crate::{
    app::App, clipboard, gallery::Gallery, keychain, native_dialog::NativeDialog, person::ADA, rest::Script,
    screen::Screen, secrets, server::Server, sshd::Sshd, stage::Stage,
};

const PASSPHRASE: &str = "eleven lamps by the harbour";
/// What the person wrote into the configuration of ssh, without an end of line at the end.
const CONFIG: &str = "# Mine.\nHost old\n    HostName old.example.org\n    User ada";

#[tokio::test]
async fn a_key_is_generated_here_lets_its_owner_in_and_is_removed() {
    let stage = Stage::set("ssh_keys_generated");
    let gallery = Gallery::new(&stage);
    let server = Server::start(&stage);
    let script = ADA.joins(&server);
    let folder = stage.home().join(".ssh");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("config"), CONFIG).unwrap();
    let app = App::open(&stage).await;
    let screen = app.screen();
    ADA.begins_on(&server, screen).await;
    ADA.opens(screen, "SSH keys").await;
    screen.sees("No SSH keys yet").await;

    let private = generates(&stage, screen, &gallery).await;
    assert_eq!(fs::metadata(&private).unwrap().permissions().mode() & 0o777, 0o600);
    // OpenSSH reads both halves, and both are the same key.
    let public = private.with_extension("pub");
    let mut keygen = stage.command("ssh-keygen");
    let read = output_of(keygen.args(["-y", "-P", PASSPHRASE, "-f"]).arg(&private));
    let line = fs::read_to_string(&public).unwrap();
    assert_eq!(words(&read, 2), words(&line, 2));
    assert_eq!(shown_fingerprints(screen).await, [fingerprint(&stage, &public)]);
    let wrong = stage.command("ssh-keygen").args(["-y", "-P", "another", "-f"]).arg(&private).output().unwrap();
    assert!(!wrong.status.success(), "the passphrase protects it");
    assert_eq!(words(&listed(&script), 2), words(&line, 2));

    screen.press("button", "Copy passphrase of Workshop").await;
    clipboard::becomes(&stage, "UTF8_STRING", |text| text == PASSPHRASE).await;
    assert!(keychain::search_all(&stage, "service", "latchkey").contains(PASSPHRASE));
    secrets::no_file_holds(&stage, &[PASSPHRASE]);

    let sshd = Sshd::start(&stage, &server);
    let done = sshd.sign_in(&stage, &private, PASSPHRASE);
    assert_eq!(String::from_utf8_lossy(&done.stdout), "you are in\n", "{}", String::from_utf8_lossy(&done.stderr));
    sees_use(screen).await;

    screen.press("button", "Remove Workshop").await;
    screen.sees("Workshop removed").await;
    screen.press("button", "Undo").await;
    screen.get("button", "Remove Workshop").await;
    assert!(sshd.sign_in(&stage, &private, PASSPHRASE).status.success(), "it still opens the door");
    screen.press("button", "Remove Workshop").await;
    screen.press("button", "Dismiss").await;
    screen.sees("No SSH keys yet").await;
    until_nothing_is_listed(&script).await;
    let refused = sshd.sign_in(&stage, &private, PASSPHRASE);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("Permission denied"), "{said}");
    assert!(private.exists(), "the files are the person's to keep");
    assert!(!keychain::search_all(&stage, "service", "latchkey").contains(PASSPHRASE));
    app.close().await;
    gallery.publish(&["ssh-keys-generate"]);
}

#[tokio::test]
async fn keys_are_added_from_the_clipboard_and_from_files_or_refused() {
    let stage = Stage::set("ssh_keys_added");
    let gallery = Gallery::new(&stage);
    let server = Server::start(&stage);
    let script = ADA.joins(&server);
    let app = App::open(&stage).await;
    let screen = app.screen();
    ADA.begins_on(&server, screen).await;
    ADA.opens(screen, "SSH keys").await;
    let laptop = make(&stage, "laptop", &["-t", "ed25519", "-C", "ada@laptop"]);
    let short = make(&stage, "short", &["-t", "rsa", "-b", "2048", "-C", "ada@museum"]);
    let server_room = make(&stage, "server-room", &["-t", "rsa", "-b", "3072", "-C", "ada@server-room"]);

    // A private key is gone before it is in the field.
    screen.press("button", "Add key").await;
    screen.focused("textbox \"Public key\"").await;
    let private = fs::read_to_string(&laptop).unwrap();
    let owner = clipboard::copies_text(&stage, &laptop);
    clipboard::becomes(&stage, "UTF8_STRING", |text| text == private.trim_end()).await;
    screen.key("Control+v").await;
    let said = screen.complaint_of("textbox", "Public key").await;
    assert_eq!(said, "That is a private key. Paste the .pub file instead.");
    assert_eq!(screen.value("Public key").await, "");
    screen.photograph("private-key").await;
    drop(owner);

    let line = fs::read_to_string(short.with_extension("pub")).unwrap();
    screen.fill("Public key", line.trim_end()).await;
    let said = screen.complaint_of("textbox", "Public key").await;
    let wanted = "This RSA key has 2048 bits; at least 3072 are needed. Make a new key with ssh-keygen -t ed25519.";
    assert_eq!(said, wanted);
    screen.press("button", "Add key").await;
    screen.focused("textbox \"Public key\"").await;
    assert_eq!(screen.complaint_of("textbox", "Public key").await, wanted);
    screen.photograph("short-key").await;
    assert_eq!(listed(&script), "", "nothing was added");

    // From a file, in the desktop's own dialog.
    screen.press("button", "Choose file").await;
    let dialog = NativeDialog::titled(&stage, "Choose file");
    dialog.point_at(&laptop.with_extension("pub"));
    dialog.accept();
    screen.sees("ED25519,").await;
    assert_eq!(screen.value("Name").await, "ada@laptop", "the comment is proposed");
    assert_eq!(shown_fingerprints(screen).await, [fingerprint(&stage, &laptop)]);
    screen.fill("Name", "Laptop").await;
    gallery.hang(screen, "ssh-keys-add").await;
    screen.press("button", "Add key").await;
    screen.sees("Laptop added").await;

    // Pasted; and the same one a second time.
    screen.press("button", "Add key").await;
    screen.focused("textbox \"Public key\"").await;
    let owner = clipboard::copies_text(&stage, &server_room.with_extension("pub"));
    clipboard::becomes(&stage, "UTF8_STRING", |text| text.ends_with("ada@server-room")).await;
    screen.key("Control+v").await;
    screen.sees("RSA 3072,").await;
    screen.press("button", "Add key").await;
    screen.sees("ada@server-room added").await;
    screen.press("button", "Add key").await;
    screen.focused("textbox \"Public key\"").await;
    screen.key("Control+v").await;
    screen.sees("RSA 3072,").await;
    screen.press("button", "Add key").await;
    let said = screen.complaint_of("textbox", "Public key").await;
    assert_eq!(said, "You have added this key already.");
    drop(owner);
    screen.press("button", "Cancel").await;
    screen.get("button", "Remove Laptop").await;
    let fingerprints = shown_fingerprints(screen).await;
    assert_eq!(fingerprints.len(), 2, "{fingerprints:?}");
    for key in [&laptop, &server_room] {
        assert!(fingerprints.contains(&fingerprint(&stage, key)), "{fingerprints:?}");
    }
    screen.is_rid_of_toast().await;
    // The keyboard was used, so that the focus would be drawn.
    screen.run("document.activeElement.blur()", vec![]).await;
    gallery.hang(screen, "ssh-keys").await;
    app.close().await;
    gallery.publish(&["ssh-keys", "ssh-keys-add"]);
}

/// Goes through *Generate on this computer*; answers the path of the private half.
async fn generates(stage: &Stage, screen: &Screen, gallery: &Gallery) -> PathBuf {
    screen.press("button", "Generate on this computer").await;
    screen.arrives_at("Generate on this computer").await;
    screen
        .until("a file name is proposed", "return !!document.querySelector('dialog form')?.innerText.includes('.pub')")
        .await;
    screen.fill("Name", "Workshop").await;
    screen.fill("File name", "id_workshop").await;
    screen.fill("Passphrase (optional)", PASSPHRASE).await;
    screen.fill("Confirm passphrase", PASSPHRASE).await;
    screen.get("checkbox", "Keep the passphrase in the keychain").await;
    screen.press("checkbox", "Add a host to your SSH configuration").await;
    screen.fill("Alias", "workshop").await;
    screen.fill("Host name or address", "workshop.example.org").await;
    screen.fill("Port", "2222").await;
    gallery.hang(screen, "ssh-keys-generate").await;
    screen.press("button", "Generate key").await;
    screen.arrives_at("Workshop is ready").await;
    screen.sees("The private key never left this computer.").await;
    gallery.hang(screen, "ssh-keys-generated").await;

    let folder = stage.home().join(".ssh");
    let private = folder.join("id_workshop");
    let config = folder.join("config");
    let found = output_of(stage.command("ssh").arg("-G").arg("-F").arg(&config).arg("workshop"));
    for line in ["hostname workshop.example.org", "user ada", "port 2222", "identityfile ~/.ssh/id_workshop"] {
        assert!(found.lines().any(|one| one == line), "{line}: {found}");
    }
    let old = output_of(stage.command("ssh").arg("-G").arg("-F").arg(&config).arg("old"));
    assert!(old.contains("hostname old.example.org"), "the person's own block is as it was: {old}");
    screen.press("button", "Undo").await;
    screen.sees("was taken out of").await;
    assert_eq!(fs::read_to_string(&config).unwrap(), CONFIG, "byte for byte");
    screen.press("button", "Close").await;
    screen.gone("heading", "Workshop is ready").await;
    private
}

/// Makes a pair with OpenSSH.
fn make(stage: &Stage, name: &str, kind: &[&str]) -> PathBuf {
    let file = stage.home().join(name);
    output_of(stage.command("ssh-keygen").args(["-q", "-N", "", "-f"]).arg(&file).args(kind));
    file
}

/// What `ssh-keygen` says of a key.
fn fingerprint(stage: &Stage, key: &Path) -> String {
    let said = output_of(stage.command("ssh-keygen").arg("-lf").arg(key));
    said.split_whitespace().nth(1).unwrap().to_owned()
}

/// The fingerprints in what is open.
async fn shown_fingerprints(screen: &Screen) -> Vec<String> {
    let script = "return [...(document.querySelector('dialog:modal') ?? document).querySelectorAll('code')]
        .map((code) => code.textContent).filter((text) => text.startsWith('SHA256:'))";
    serde_json::from_value(screen.run(script, vec![]).await).unwrap()
}

/// What a machine is told that asks for Ada's keys.
fn listed(script: &Script) -> String {
    let answer = script.get("/v1/users/ada/keys");
    assert_eq!(answer.status, 200, "{answer}");
    String::from_utf8(answer.body).unwrap()
}

async fn until_nothing_is_listed(script: &Script) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !listed(script).is_empty() {
        assert!(Instant::now() < deadline, "it is still listed");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Uses are written down in batches.
async fn sees_use(screen: &Screen) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while !screen.text().await.contains("Used ") {
        assert!(Instant::now() < deadline, "the use is not shown: {}", screen.text().await);
        screen.key("Control+r").await;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// The first words of a text: of a key, all but its comment.
fn words(text: &str, count: usize) -> Vec<&str> {
    text.split_whitespace().take(count).collect()
}
