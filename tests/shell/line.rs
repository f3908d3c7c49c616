//! The way to the service, which can be cut, and hold back what a test wants to be slow.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use http::{Request, Response};
use latchkey::{
    backend::{Backends, Connector},
    error,
    vault::{KeychainKey, Memory},
};
use latchkey_api::{
    desktop::{Failure, Place, Transport as Way},
    problem::{ErrorCode, Problem},
};
use latchkey_client::{Client, Streamed, Transport};
use latchkey_server::Connections;
use latchkey_service::Service;
use tokio::{net::TcpListener, sync::watch};
use tower::{BoxError, ServiceExt, service_fn, util::BoxCloneSyncService};

/// An address at which the line is, where a test wants its service to be elsewhere.
pub(crate) const ELSEWHERE: &str = "https://accounts.example.org";

/// The way to *This computer* and to [`ELSEWHERE`], over a service that is there already. Other servers are reached as they
/// really are.
pub(crate) struct Line {
    service: Service,
    servers: Backends,
    fault: Mutex<Option<Fault>>,
    lost: Mutex<Option<&'static str>>,
    /// Requests whose target begins with this wait.
    held: watch::Sender<Option<&'static str>>,
    /// How many requests came to the hold.
    waiting: watch::Sender<u32>,
}

#[derive(Clone, Copy)]
struct Fault {
    target: &'static str,
    code: ErrorCode,
}

impl Line {
    pub(crate) fn to(service: Service) -> Arc<Self> {
        let folder = std::env::temp_dir().join("no-service-is-opened-here");
        let keys = Arc::new(KeychainKey::new(Arc::new(Memory::default())));
        Arc::new(Self {
            service,
            servers: Backends::new("shell-tests".into(), folder, keys),
            fault: Mutex::default(),
            lost: Mutex::default(),
            held: watch::Sender::new(None),
            waiting: watch::Sender::new(0),
        })
    }

    /// Requests whose target begins so fail by this code before they arrive.
    pub(crate) fn fail(&self, target: &'static str, code: ErrorCode) {
        *self.fault.lock().unwrap() = Some(Fault { target, code });
    }

    /// Answers to requests whose target begins so are lost on their way back.
    pub(crate) fn lose_answers(&self, target: &'static str) {
        *self.lost.lock().unwrap() = Some(target);
    }

    /// All is well again.
    pub(crate) fn repair(&self) {
        *self.fault.lock().unwrap() = None;
        *self.lost.lock().unwrap() = None;
    }

    /// Requests whose target begins so wait until [`Line::release`].
    pub(crate) fn hold(&self, target: &'static str) {
        self.waiting.send_replace(0);
        self.held.send_replace(Some(target));
    }

    pub(crate) fn release(&self) {
        self.held.send_replace(None);
    }

    /// Until this many requests came to the hold.
    pub(crate) async fn until_held(&self, requests: u32) {
        self.waiting.subscribe().wait_for(|waiting| *waiting >= requests).await.unwrap();
    }

    fn transport(self: &Arc<Self>) -> Transport {
        let router = latchkey_server::in_process(latchkey_server::router(Arc::new(self.service.clone())));
        let line = Arc::clone(self);
        BoxCloneSyncService::new(service_fn(move |request: Request<Bytes>| {
            let (router, line) = (router.clone(), Arc::clone(&line));
            async move {
                let target = request.uri().path().to_owned();
                line.pass(&target).await?;
                let answer: Result<Response<Streamed>, BoxError> = router.oneshot(request).await;
                let lost = line.lost.lock().unwrap().is_some_and(|begin| target.starts_with(begin));
                if lost { Err(Problem::new(ErrorCode::ConnectionLost).into()) } else { answer }
            }
        }))
    }

    async fn pass(&self, target: &str) -> Result<(), BoxError> {
        let held = |hold: Option<&str>| hold.is_some_and(|begin| target.starts_with(begin));
        if held(*self.held.borrow()) {
            self.waiting.send_modify(|waiting| *waiting += 1);
            self.held.subscribe().wait_for(|hold| !held(*hold)).await?;
        }
        match *self.fault.lock().unwrap() {
            Some(fault) if target.starts_with(fault.target) => Err(Problem::new(fault.code).into()),
            _ => Ok(()),
        }
    }
}

/// What the app holds of a line.
pub(crate) struct Plug(pub(crate) Arc<Line>);

#[async_trait::async_trait]
impl Connector for Plug {
    async fn connect(&self, place: &Place) -> Result<Client, Failure> {
        if place.id == ELSEWHERE {
            return Ok(Client::in_process(self.0.transport()));
        }
        if place.transport != Way::Local {
            return self.0.servers.connect(place).await;
        }
        self.0.pass("connect").await.map_err(|fault| error::refused(*fault.downcast::<Problem>().unwrap()))?;
        Ok(Client::in_process(self.0.transport()))
    }

    async fn serve(
        &self,
        listener: TcpListener,
        stop: BoxFuture<'static, ()>,
    ) -> Result<BoxFuture<'static, ()>, Failure> {
        let router = latchkey_server::on_this_computer(latchkey_server::router(Arc::new(self.0.service.clone())));
        Ok(latchkey_server::serve(listener, router, Connections::default(), stop).boxed())
    }

    async fn close(&self) {
        self.0.service.close().await;
    }
}
