//! A tiny image, as the OCI image specification lays one out in a folder.

use std::{fs, path::Path};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The tag it has in its folder.
pub(crate) const TAG: &str = "v1";

/// Writes an image of one layer, which holds nothing, and answers its id: the digest of its configuration, which stays
/// the same however the layer is compressed on its way.
pub(crate) fn write(folder: &Path) -> String {
    fs::create_dir_all(folder.join("blobs/sha256")).unwrap();
    // The end of a tar file, which is all there is of this one.
    let layer = blob(folder, &[0; 1024]);
    let configuration = json!({
        "architecture": "amd64",
        "os": "linux",
        "rootfs": {"type": "layers", "diff_ids": [layer["digest"]]},
    });
    let configuration = document(folder, &configuration, "application/vnd.oci.image.config.v1+json");
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": configuration,
        "layers": [typed(layer, "application/vnd.oci.image.layer.v1.tar")],
    });
    let mut manifest = document(folder, &manifest, MANIFEST);
    manifest["annotations"] = json!({"org.opencontainers.image.ref.name": TAG});
    let index = json!({"schemaVersion": 2, "manifests": [manifest]});
    fs::write(folder.join("index.json"), index.to_string()).unwrap();
    fs::write(folder.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
    configuration["digest"].as_str().unwrap().to_owned()
}

/// The id of the image in a folder.
pub(crate) fn id(folder: &Path) -> String {
    let read = |file: &Path| -> Value { serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap() };
    let index = read(&folder.join("index.json"));
    let (_, hash) = index["manifests"][0]["digest"].as_str().unwrap().split_once(':').unwrap();
    let manifest = read(&folder.join("blobs/sha256").join(hash));
    manifest["config"]["digest"].as_str().unwrap().to_owned()
}

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

fn document(folder: &Path, value: &Value, media_type: &str) -> Value {
    typed(blob(folder, value.to_string().as_bytes()), media_type)
}

fn typed(mut descriptor: Value, media_type: &str) -> Value {
    descriptor["mediaType"] = media_type.into();
    descriptor
}

/// Keeps bytes under their hash.
fn blob(folder: &Path, bytes: &[u8]) -> Value {
    let hash: String = Sha256::digest(bytes).iter().flat_map(|byte| [byte >> 4, byte & 15]).map(digit).collect();
    fs::write(folder.join("blobs/sha256").join(&hash), bytes).unwrap();
    json!({"digest": format!("sha256:{hash}"), "size": bytes.len()})
}

fn digit(half: u8) -> char {
    char::from_digit(half.into(), 16).unwrap()
}
