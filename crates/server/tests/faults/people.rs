//! People, what they were told, and whether the service still holds to it.

use std::collections::{BTreeMap, BTreeSet};

use latchkey_api::{
    accounts::{AccountsApi, SignUp},
    common::Caller,
    problem::{ErrorCode, Problem},
    sessions::{SessionsApi, SignIn},
    wire::Secret,
};
use latchkey_client::Client;

use crate::{
    account::{Account, is_gone},
    change::{Change, Given},
};

pub(crate) const PASSWORD: &str = "korrektes Pferd Batterie Klammer";

/// Somebody with at most one account.
pub(crate) struct Person {
    pub(crate) username: String,
    /// The session they act by.
    pub(crate) token: Option<String>,
    /// The tokens of their API keys, by name.
    pub(crate) keys: BTreeMap<String, String>,
    /// Backup codes they have not used.
    pub(crate) codes: Vec<Secret>,
    /// What was acknowledged; `None` where there is no account, or none any more.
    pub(crate) sure: Option<Account>,
    /// What it is instead if the request whose answer was lost was carried out.
    perhaps: Perhaps,
    /// Whether a deletion was acknowledged, or found.
    pub(crate) deleted: bool,
}

/// Whether something else may be true than what was acknowledged.
#[derive(Debug)]
enum Perhaps {
    Nothing,
    Gone,
    Changed(Account),
}

impl Perhaps {
    fn is(&self, found: Option<&Account>) -> bool {
        match self {
            Self::Nothing => false,
            Self::Gone => found.is_none(),
            Self::Changed(account) => found == Some(account),
        }
    }

    fn account(&self) -> Option<&Account> {
        if let Self::Changed(account) = self { Some(account) } else { None }
    }
}

/// How a request ended.
pub(crate) enum Ended {
    /// The service said that it is done.
    Acknowledged,
    /// It said that it is not done.
    Refused(Problem),
    /// Nobody knows.
    Lost(Problem),
}

impl Person {
    /// Somebody who asks for an account, and signs in if they are given one.
    pub(crate) async fn joins(client: &Client, username: String) -> (Self, Ended) {
        let account = Account { name: username.clone(), events: vec!["account_created"], ..Account::default() };
        let mut person = Self {
            username,
            token: None,
            keys: BTreeMap::new(),
            codes: Vec::new(),
            sure: None,
            perhaps: Perhaps::Nothing,
            deleted: false,
        };
        let body = SignUp {
            username: person.username.clone(),
            email: format!("{}@example.org", person.username),
            name: person.username.clone(),
            password: Secret::new(PASSWORD),
        };
        let ended = match client.create_account(&Caller::default(), body).await {
            Ok(_) => {
                person.sure = Some(account);
                Ended::Acknowledged
            }
            Err(problem) => person.not_acknowledged(Some(account), problem),
        };
        (person, ended)
    }

    /// How they call, once they are signed in.
    pub(crate) fn caller(&self) -> Caller {
        self.token.as_deref().map(Caller::with_token).unwrap_or_default()
    }

    /// Whether it is known what their account is.
    pub(crate) fn is_sure(&self) -> bool {
        matches!(self.perhaps, Perhaps::Nothing)
    }

    /// Whether they surely have an account.
    pub(crate) fn is_there(&self) -> bool {
        self.is_sure() && self.sure.is_some()
    }

    /// Asks for a change, and notes what is said.
    pub(crate) async fn makes(&mut self, client: &Client, change: &Change) -> Ended {
        let mut after = change.after(self.sure.as_ref().expect("an account"));
        let first = self.token.is_none();
        match change.ask(client, self).await {
            Ok(Given { token, codes }) => {
                if let (Some(after), Some(token)) = (&mut after, &token) {
                    after.tokens.insert(token.clone(), true);
                }
                if first {
                    self.token = token;
                }
                self.codes.extend(codes);
                self.deleted |= after.is_none();
                self.sure = after;
                Ended::Acknowledged
            }
            Err(problem) => self.not_acknowledged(after, problem),
        }
    }

    fn not_acknowledged(&mut self, after: Option<Account>, problem: Problem) -> Ended {
        if problem.code().status().is_client_error() {
            return Ended::Refused(problem);
        }
        self.perhaps = after.map_or(Perhaps::Gone, Perhaps::Changed);
        Ended::Lost(problem)
    }

    /// Compares with the service: it has to hold what was acknowledged, or that and the whole of what was asked for last.
    /// Then that is known for sure.
    pub(crate) async fn settle(&mut self, client: &Client) -> Result<(), String> {
        let lost = |what: &dyn std::fmt::Debug, person: &Self| {
            format!("{}: found {what:#?}, after {:#?}, perhaps {:#?}", person.username, person.sure, person.perhaps)
        };
        let found = match &self.token {
            None => self.looks_from_outside(client).await,
            Some(_) => self.looks_from_inside(client).await,
        };
        let found = found.map_err(|problem| lost(&problem, self))?;
        if found != self.sure && !self.perhaps.is(found.as_ref()) {
            return Err(lost(&found, self));
        }
        self.deleted |= found.is_none() && self.token.is_some();
        self.sure = found;
        self.perhaps = Perhaps::Nothing;
        Ok(())
    }

    /// Signs in, which is the one way to see whether there is an account.
    async fn looks_from_outside(&mut self, client: &Client) -> Result<Option<Account>, Problem> {
        let token = match client.sign_in(&Caller::default(), sign_in(&self.username)).await {
            Ok(answer) => answer.token.expose().to_owned(),
            Err(refused) if refused.code() == ErrorCode::InvalidCredentials => return Ok(None),
            Err(refused) => return Err(refused),
        };
        // That is a write of its own, to whichever of the two there was. The first one may have been lost before.
        let signs_in = |account: Account| {
            let mut after = Change::SignIn.after(&account)?;
            after.tokens.insert(token.clone(), true);
            Some(after)
        };
        self.sure = self.sure.take().and_then(signs_in);
        if let Perhaps::Changed(account) = &self.perhaps {
            self.perhaps = signs_in(account.clone()).map_or(Perhaps::Gone, Perhaps::Changed);
        }
        self.token = Some(token);
        self.looks_from_inside(client).await
    }

    async fn looks_from_inside(&mut self, client: &Client) -> Result<Option<Account>, Problem> {
        let known = [self.sure.as_ref(), self.perhaps.account()].into_iter().flatten();
        let known: BTreeSet<_> = known.flat_map(|account| account.tokens.keys()).collect();
        match Account::read(client, &self.caller(), known.into_iter()).await {
            Ok(account) => Ok(Some(account)),
            Err(refused) if is_gone(refused.code()) => {
                // Gone as a whole: nobody can sign in to what is left.
                match client.sign_in(&Caller::default(), sign_in(&self.username)).await {
                    Err(refused) if refused.code() == ErrorCode::InvalidCredentials => Ok(None),
                    Err(other) => Err(other),
                    Ok(_) => Err(refused),
                }
            }
            Err(other) => Err(other),
        }
    }
}

/// A sign-in with the password of everybody here.
pub(crate) fn sign_in(login: &str) -> SignIn {
    SignIn { login: login.into(), password: Secret::new(PASSWORD), client: None }
}
