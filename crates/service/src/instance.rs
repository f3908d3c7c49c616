//! What a stranger may know.

use latchkey_api::{
    common::Caller,
    instance::{Instance, InstanceApi, Provider},
    problem::ApiResult,
};

use crate::{providers::ProviderSettings, service::Service};

#[async_trait::async_trait]
impl InstanceApi for Service {
    async fn get_instance(&self, _: &Caller) -> ApiResult<Instance> {
        let settings = self.settings();
        Ok(Instance {
            name: settings.name.clone(),
            version: env!("CARGO_PKG_VERSION").into(),
            sign_up: settings.sign_up,
            two_factor: settings.two_factor,
            password: settings.password,
            registry: settings.registry.as_ref().map(|registry| registry.info.clone()),
            api_key_max_days: settings.api_key_max_days,
            integrations: providers(&settings.integrations),
            mail: self.sends_mail(),
        })
    }
}

/// Each kind of provider once, in the order of the configuration.
fn providers(configured: &[ProviderSettings]) -> Vec<Provider> {
    let mut kinds = Vec::new();
    for settings in configured {
        if !kinds.contains(&settings.provider) {
            kinds.push(settings.provider);
        }
    }
    kinds
}
