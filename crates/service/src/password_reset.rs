//! Setting a forgotten password anew by a mailed code.

use latchkey_api::{
    common::Caller,
    password::{PasswordReset, PasswordResetRequest},
    problem::{ApiResult, ErrorCode, Problem},
};

use crate::service::Service;

impl Service {
    pub(crate) async fn request_reset(&self, _: &Caller, _: PasswordResetRequest) -> ApiResult<()> {
        Err(no_mail())
    }

    pub(crate) async fn complete_reset(&self, _: &Caller, _: PasswordReset) -> ApiResult<()> {
        Err(no_mail())
    }
}

fn no_mail() -> Problem {
    Problem::new(ErrorCode::NotFound).detail("This service sends no mail.")
}
