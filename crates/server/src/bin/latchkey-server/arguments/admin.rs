//! The command line of `latchkey-server admin`.

use clap::{Args, Subcommand, ValueEnum};

#[derive(Subcommand)]
pub(crate) enum AdminCommand {
    /// Creates, lists, shows, disables and enables accounts
    #[command(subcommand)]
    User(UserCommand),
    /// Shows and sets policies; a service that runs follows within 15 seconds
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Looks after mail
    #[command(subcommand)]
    Mail(MailCommand),
    /// Looks whether the activity of all accounts, or of one, is as it was written; exit status 1 where it is not
    VerifyActivity {
        /// User name or e-mail address; everybody where nothing is said
        login: Option<String>,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Subcommand)]
pub(crate) enum PolicyCommand {
    /// Shows all policies, and where each value comes from
    Show {
        #[command(flatten)]
        output: Output,
    },
    /// Sets a policy; what the configuration sets can be changed only there
    Set {
        /// Its name
        #[arg(value_enum)]
        name: PolicyArgument,
        /// Its value, written as in the configuration
        value: String,
    },
    /// Goes back to the default
    Unset {
        /// Its name
        #[arg(value_enum)]
        name: PolicyArgument,
    },
}

/// The names as they stand in the configuration.
#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum PolicyArgument {
    SignUp,
    TwoFactor,
    PasswordMinLength,
    PasswordMinScore,
    SessionIdle,
    SessionLifetime,
    ApiKeyMaxDays,
}

#[derive(Subcommand)]
pub(crate) enum MailCommand {
    /// Sends a test message, and says what the mail server answered
    Test {
        /// The address it goes to
        address: String,
    },
}

#[derive(Subcommand)]
pub(crate) enum UserCommand {
    /// Creates an account; the password is asked for, or read from standard input
    Create {
        /// User name
        username: String,
        /// E-mail address
        #[arg(long)]
        email: String,
        /// Display name; the user name where nothing is said
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        output: Output,
    },
    /// Lists all accounts, the oldest first
    List {
        #[command(flatten)]
        output: Output,
    },
    /// Shows an account
    Show {
        #[command(flatten)]
        user: User,
    },
    /// Keeps a person from signing in, and closes all their sessions
    Disable {
        #[command(flatten)]
        user: User,
    },
    /// Lets a person sign in again
    Enable {
        #[command(flatten)]
        user: User,
    },
    /// Closes all sessions of a person
    CloseSessions {
        #[command(flatten)]
        user: User,
    },
    /// Sets a new password and closes all sessions; it is asked for, or read from standard input
    ResetPassword {
        #[command(flatten)]
        user: User,
    },
    /// Deletes all API keys and SSH keys of a person, as after somebody else had their account
    RevokeKeys {
        #[command(flatten)]
        user: User,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Switches two-factor authentication off, for somebody who lost app and backup codes; closes all sessions
    DisableTwoFactor {
        #[command(flatten)]
        user: User,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Args)]
pub(crate) struct User {
    /// User name or e-mail address
    pub(crate) login: String,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Args)]
pub(crate) struct Output {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
