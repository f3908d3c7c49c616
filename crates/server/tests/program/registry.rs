//! `registry certificate` and `registry rotate`, and the settings of the registry. Below: a registry that runs.

pub(crate) mod distribution;
mod image;
pub(crate) mod keys;
pub(crate) mod skopeo;

use latchkey_api::{
    common::Caller,
    instance::{InstanceApi, RegistryInfo},
};

use crate::program::Home;

#[test]
fn certificates_are_printed_and_a_new_key_joins_them() {
    let home = Home::new();
    let certificates = || home.run(&["registry", "certificate"], "").well();
    let first = certificates();
    assert!(first.starts_with("-----BEGIN CERTIFICATE-----\n") && first.ends_with("-----END CERTIFICATE-----\n"));
    assert_eq!(certificates(), first, "made once");
    let said = home.run(&["registry", "rotate", "--after", "2h"], "").well();
    assert!(said.contains(" signs from 20") && said.ends_with("Z\n"), "{said}");
    let both = certificates();
    assert!(both.starts_with(&first));
    assert_eq!(both.matches("BEGIN CERTIFICATE").count(), 2);
    let names = || -> Vec<String> {
        let listed = home.run(&["registry", "list"], "").well();
        listed.lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect()
    };
    let name = said.split(' ').next().unwrap();
    assert_eq!(names().len(), 2);
    assert_eq!(names()[1], name);
    let removed = home.run(&["registry", "remove", name], "").well();
    assert!(removed.contains(name) && removed.contains("registry certificate"), "{removed}");
    assert_eq!(certificates(), first);
    let refused = home.run(&["registry", "remove", name], "");
    assert!(refused.code == 1 && refused.err.contains(&format!("There is no key {name}.")), "{}", refused.err);
    let refused = home.run(&["registry", "rotate", "--after", "soon"], "");
    assert!(refused.code == 2 && refused.err.contains("24h") || refused.err.contains("30days"), "{}", refused.err);
}

#[tokio::test]
async fn the_registry_is_told_where_it_is_configured() {
    let home = Home::new();
    let nobody = Caller::default();
    let served = home.serve(&[]);
    assert_eq!(served.client().get_instance(&nobody).await.unwrap().registry, None);
    drop(served);
    let service = "Docker registry";
    let alone = [("LATCHKEY_REGISTRY__SERVICE", service), ("LATCHKEY_REGISTRY__ISSUER", "An issuer of tokens")];
    let served = home.serve(&alone);
    let info = RegistryInfo { service: service.into(), host: service.into() };
    assert_eq!(served.client().get_instance(&nobody).await.unwrap().registry, Some(info));
    drop(served);
    let served = home.serve(&[
        ("LATCHKEY_REGISTRY__SERVICE", "registry.example.org"),
        ("LATCHKEY_REGISTRY__HOST", "registry.example.org:5000"),
        ("LATCHKEY_REGISTRY__ISSUER", "example"),
    ]);
    let info = RegistryInfo { service: "registry.example.org".into(), host: "registry.example.org:5000".into() };
    assert_eq!(served.client().get_instance(&nobody).await.unwrap().registry, Some(info));
}
