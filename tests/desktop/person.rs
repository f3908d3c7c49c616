//! People at the window, and the ways they all go.

use serde_json::json;

use crate::{rest::Script, screen::Screen, server::Server};

/// Somebody with an account, or about to have one.
pub(crate) struct Person {
    pub(crate) name: &'static str,
    pub(crate) username: &'static str,
    pub(crate) email: &'static str,
    pub(crate) password: &'static str,
}

/// Ada, who is in most tests.
pub(crate) const ADA: Person =
    Person { name: "Ada Lindqvist", username: "ada", email: "ada@example.com", password: "seven small otters dance" };

/// Grace, where two are needed.
pub(crate) const GRACE: Person = Person {
    name: "Grace Tamm",
    username: "grace",
    email: "grace@example.com",
    password: "brass kettle on a slow train",
};

impl Person {
    /// From the first screen ever to the profile of a new account on this computer.
    pub(crate) async fn begins_on_this_computer(&self, screen: &Screen) {
        screen.press("radio", "Use this computer").await;
        screen.press("button", "Continue").await;
        self.creates_account(screen).await;
    }

    /// Fills in and sends the form *Create account*.
    pub(crate) async fn creates_account(&self, screen: &Screen) {
        screen.arrives_at("Create account").await;
        screen.fill("Name", self.name).await;
        screen.fill("Username", self.username).await;
        screen.fill("Email", self.email).await;
        screen.fill("Password", self.password).await;
        screen.press("button", "Create account").await;
        screen.arrives_at(self.name).await;
    }

    /// Fills in and sends the form *Sign in*.
    pub(crate) async fn signs_in(&self, screen: &Screen, login: &str) {
        screen.fill("Username or email", login).await;
        screen.fill("Password", self.password).await;
        screen.press("button", "Sign in").await;
        screen.arrives_at(self.name).await;
    }

    /// From the first screen ever to the profile on a server, where the account exists already.
    pub(crate) async fn begins_on(&self, server: &Server, screen: &Screen) {
        screen.press("radio", "Connect to a server").await;
        screen.fill("Server URL", &server.origin()).await;
        screen.sees(", version ").await;
        screen.press("button", "Continue").await;
        screen.get("textbox", "Username or email").await;
        self.signs_in(screen, self.username).await;
    }

    /// Chooses an entry of the menu behind the avatar.
    pub(crate) async fn chooses(&self, screen: &Screen, entry: &str) {
        screen.press("button", self.name).await;
        screen.press("menuitem", entry).await;
    }

    /// Opens a section of the account by its key; the last one has none.
    pub(crate) async fn opens(&self, screen: &Screen, section: &str) {
        const SECTIONS: [&str; 10] = [
            "Password",
            "Two-factor authentication",
            "API keys",
            "Sessions",
            "Security check-up",
            "SSH keys",
            "Source code integration",
            "Container registries",
            "Activity",
            "Delete account",
        ];
        let number = SECTIONS.iter().position(|name| *name == section).expect("a section") + 1;
        screen.open_section(number).await;
        screen.arrives_at(section).await;
    }

    /// Opens the list of servers from one of them.
    pub(crate) async fn opens_servers(&self, screen: &Screen, at: &str) {
        screen.press("button", &format!("Server: {at}")).await;
        screen.get("menu", "Servers").await;
    }

    /// Has an account created on a server, and answers a script of this person's.
    pub(crate) fn joins(&self, server: &Server) -> Script {
        let sign_up = json!({
            "username": self.username, "email": self.email, "name": self.name, "password": self.password,
        });
        let answer = server.script().send("POST", "/v1/accounts", &sign_up);
        assert_eq!(answer.status, 201, "signing up: {answer}");
        server.script().signed_in(self.username, self.password)
    }
}
