//! A host with one account, `ada`, whose token is `token`.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use latchkey_api::{
    accounts::*,
    avatar::*,
    common::*,
    endpoint::{Auth, Gate, Meta},
    instance::*,
    problem::*,
    profile::*,
    sessions::*,
    wire::*,
};
use latchkey_server::{Health, Host};

/// How often the token `key` may be used.
const LIMIT: RateLimit = RateLimit { quota: 600, window: 60, remaining: 599, reset: 1 };

#[derive(Default)]
pub(crate) struct Toy {
    pub(crate) version: Mutex<u32>,
    /// Methods of the API that were reached.
    pub(crate) reached: AtomicUsize,
    /// What `ready` answers.
    pub(crate) unready: Option<ErrorCode>,
}

pub(crate) fn toy() -> Arc<dyn Host> {
    Arc::new(Toy::default())
}

pub(crate) fn time() -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn etag(version: u32) -> ETag {
    ETag(format!("\"v{version}\""))
}

fn profile(name: &str) -> Profile {
    Profile {
        id: uuid::Uuid::nil(),
        username: "ada".into(),
        name: name.into(),
        email: "ada@example.org".into(),
        pending_email: None,
        location: None,
        bio: None,
        avatar: AvatarLink { url: "/v1/users/ada/avatar".into(), custom: false },
        two_factor_enabled: false,
        created_at: time(),
        updated_at: time(),
    }
}

fn session(caller: &Caller) -> Session {
    Session {
        id: uuid::Uuid::nil(),
        current: true,
        browser: caller.user_agent.clone(),
        browser_version: None,
        operating_system: None,
        model: None,
        ip_address: caller.address.map(|address| address.to_string()),
        engine: None,
        cpu_architecture: None,
        created_at: time(),
        last_authentication_at: time(),
        last_modified_at: time(),
        expires_at: time(),
    }
}

impl Toy {
    fn reach(&self, caller: &Caller) -> ApiResult<()> {
        self.reached.fetch_add(1, Ordering::Relaxed);
        caller.admission.as_ref().and_then(Admission::get::<&str>).map(|_| ()).ok_or(Problem::internal("not admitted"))
    }

    /// What this toy has no answer for, but reached.
    pub(crate) fn other<T>(&self, caller: &Caller) -> ApiResult<T> {
        self.reach(caller)?;
        Err(Problem::new(ErrorCode::Conflict))
    }

    fn versioned(&self, name: &str) -> Versioned<Profile> {
        Versioned { etag: etag(*self.version.lock().unwrap()), value: profile(name) }
    }
}

#[async_trait::async_trait]
impl Health for Toy {
    async fn ready(&self) -> ApiResult<()> {
        self.unready.map_or(Ok(()), |code| Err(Problem::new(code)))
    }
}

#[async_trait::async_trait]
impl Gate for Toy {
    async fn admit(&self, mut caller: Caller, meta: &Meta) -> ApiResult<Caller> {
        match (meta.auth, caller.credential.as_ref().map(Credential::expose)) {
            (Auth::Nobody, _) => caller.admission = Some(Admission::new("anybody")),
            (_, Some("token")) => caller.admission = Some(Admission::new("ada")),
            (_, Some("key")) => {
                caller.admission = Some(Admission::new("ada"));
                caller.rate_limit = Some(LIMIT);
            }
            (_, Some("busy-key")) => {
                let used_up = RateLimit { remaining: 0, reset: 7, ..LIMIT };
                let problem = Problem::new(ErrorCode::TooManyRequests).retry_after(7);
                return Err(problem.with(|members| members.rate_limit = Some(used_up)));
            }
            (_, Some("registry-key")) => {
                let problem = Problem::new(ErrorCode::InsufficientScope);
                return Err(problem.with(|members| members.rate_limit = Some(LIMIT)));
            }
            (_, Some("expired-key")) => return Err(Problem::new(ErrorCode::ApiKeyExpired)),
            (_, Some("expired")) => return Err(Problem::new(ErrorCode::SessionExpired)),
            (_, Some("closed")) => {
                return Err(Problem::new(ErrorCode::SessionClosed).close_reason(CloseReason::ClosedElsewhere));
            }
            (_, _) => return Err(Problem::new(ErrorCode::Unauthenticated)),
        }
        Ok(caller)
    }
}

#[async_trait::async_trait]
impl InstanceApi for Toy {
    async fn get_instance(&self, caller: &Caller) -> ApiResult<Instance> {
        self.reach(caller)?;
        Ok(Instance {
            name: "Toy".into(),
            version: "0".into(),
            sign_up: SignUpPolicy::Open,
            two_factor: TwoFactorPolicy::Optional,
            password: PasswordRules { min_length: 12, min_score: 3 },
            registry: None,
            api_key_max_days: None,
            integrations: vec![],
            mail: false,
        })
    }
}

#[async_trait::async_trait]
impl AccountsApi for Toy {
    async fn create_account(&self, caller: &Caller, body: SignUp) -> ApiResult<Profile> {
        self.reach(caller)?;
        match body.username.as_str() {
            "panic" => panic!("a panic of the toy"),
            "slow" => {
                tokio::time::sleep(Duration::from_secs(1)).await;
                Ok(profile(&body.name))
            }
            "never" => std::future::pending().await,
            _ => Ok(profile(&body.name)),
        }
    }
}

#[async_trait::async_trait]
impl SessionsApi for Toy {
    async fn sign_in(&self, caller: &Caller, body: SignIn) -> ApiResult<SignedIn> {
        self.reach(caller)?;
        match body.password.expose() {
            "right" => Ok(SignedIn {
                token: Secret::new("token"),
                session: session(caller),
                profile: profile("Ada"),
                backup_codes_remaining: 0,
                alerts: vec![],
            }),
            "often" => Err(Problem::new(ErrorCode::TooManyRequests).retry_after(42)),
            _ => Err(Problem::new(ErrorCode::InvalidCredentials)),
        }
    }

    async fn sign_in_second_factor(&self, caller: &Caller, _: SecondFactor) -> ApiResult<SignedIn> {
        self.other(caller)
    }

    async fn list_sessions(&self, caller: &Caller, query: PageQuery) -> ApiResult<Page<Session>> {
        self.reach(caller)?;
        Ok(Page { items: vec![session(caller)], next: Some(format!("{:?}/{:?}", query.limit, query.after)) })
    }

    async fn get_session(&self, caller: &Caller, path: SessionPath) -> ApiResult<Session> {
        self.reach(caller)?;
        if path.id == "current" || path.id == "a b/ü?" {
            Ok(session(caller))
        } else {
            Err(Problem::new(ErrorCode::NotFound))
        }
    }

    async fn close_session(&self, caller: &Caller, path: SessionPath) -> ApiResult<()> {
        self.reach(caller)?;
        if path.id == "current" { Ok(()) } else { Err(Problem::new(ErrorCode::NotFound)) }
    }

    async fn close_other_sessions(&self, caller: &Caller) -> ApiResult<Closed> {
        self.reach(caller)?;
        Ok(Closed { closed: 3 })
    }
}

#[async_trait::async_trait]
impl ProfileApi for Toy {
    async fn get_profile(&self, caller: &Caller) -> ApiResult<Versioned<Profile>> {
        self.reach(caller)?;
        Ok(self.versioned("Ada"))
    }

    async fn update_profile(
        &self,
        caller: &Caller,
        if_match: IfMatch,
        patch: ProfilePatch,
    ) -> ApiResult<Versioned<Profile>> {
        self.reach(caller)?;
        let mut version = self.version.lock().unwrap();
        if if_match.if_match != etag(*version) {
            return Err(Problem::new(ErrorCode::Stale));
        }
        *version += 1;
        drop(version);
        Ok(self.versioned(&patch.name.unwrap_or_default()))
    }
}

#[async_trait::async_trait]
impl AvatarApi for Toy {
    /// Answers the length of the picture as the name.
    async fn put_avatar(&self, caller: &Caller, image: Upload) -> ApiResult<Versioned<Profile>> {
        self.reach(caller)?;
        Ok(self.versioned(&image.bytes.len().to_string()))
    }

    async fn delete_avatar(&self, caller: &Caller) -> ApiResult<Versioned<Profile>> {
        self.reach(caller)?;
        Ok(self.versioned("Ada"))
    }

    async fn get_avatar(&self, caller: &Caller, path: AvatarPath) -> ApiResult<AvatarImage> {
        self.reach(caller)?;
        let text = format!("<svg>{}</svg>", path.size.unwrap_or_default().pixels());
        Ok(AvatarImage { etag: etag(7), media_type: "image/svg+xml".into(), bytes: Bytes::from(text) })
    }
}
