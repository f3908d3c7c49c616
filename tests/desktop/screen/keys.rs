//! What a person does with the keyboard, and what has its focus.

use std::time::Duration;

use serde_json::json;
use thirtyfour::Key;
use tokio::time::{Instant, sleep};

use super::{PATIENCE, Screen};

impl Screen {
    /// Presses a key or a chord where the focus is, such as `Escape`, `+` or `Control+Shift+p`.
    pub(crate) async fn key(&self, chord: &str) {
        // The key is what follows the last `+` that is not the key itself.
        let split = chord[..chord.len() - 1].rfind('+');
        let (held, key) = split.map_or(("", chord), |at| (&chord[..at], &chord[at + 1..]));
        let held: Vec<char> = held.split('+').filter(|name| !name.is_empty()).map(code).collect();
        let mut chain = self.driver.action_chain();
        for modifier in &held {
            chain = chain.key_down(*modifier);
        }
        chain = chain.key_down(code(key)).key_up(code(key));
        for modifier in held.iter().rev() {
            chain = chain.key_up(*modifier);
        }
        chain.perform().await.unwrap();
    }

    /// Types text where the focus is.
    pub(crate) async fn type_text(&self, text: &str) {
        self.driver.action_chain().send_keys(text).perform().await.unwrap();
    }

    /// The role and name of what has the focus, such as `button "Sign in"`.
    pub(crate) async fn focus(&self) -> String {
        let script = "axe.teardown(); axe.setup();
            try {
              const element = document.activeElement;
              const name = axe.commons.text.accessibleText(element).replace(/\\s+/g, ' ').trim();
              return `${axe.commons.aria.getRole(element) ?? element.localName} \"${name}\"`;
            } finally { axe.teardown(); }";
        self.run(script, vec![]).await.as_str().unwrap().to_owned()
    }

    /// Whether what has the focus is in sight, at least a part of it. Where nothing has it, nothing has to be.
    pub(crate) async fn focus_is_seen(&self) -> bool {
        let script = "const element = document.activeElement;
            if (element === document.body) return true;
            const { left, top, width, height } = element.getBoundingClientRect();
            const parts = [0.02, 0.25, 0.5, 0.75, 0.98];
            return parts.some((x) => parts.some((y) => {
              const hit = document.elementFromPoint(left + x * width, top + y * height);
              return !!hit && (element.contains(hit) || !!hit.closest('label')?.contains(element));
            }));";
        self.run(script, vec![]).await == json!(true)
    }

    /// Waits until something has the focus, in the words of [`Screen::focus`].
    pub(crate) async fn focused(&self, wanted: &str) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let focus = self.focus().await;
            if focus == wanted {
                return;
            }
            assert!(Instant::now() < deadline, "{focus} has the focus, not {wanted}");
            sleep(Duration::from_millis(50)).await;
        }
    }
}

/// The code point WebDriver has for a key (WebDriver, section 17.4.2).
fn code(name: &str) -> char {
    let key = match name {
        "Alt" => Key::Alt,
        "ArrowDown" => Key::Down,
        "ArrowLeft" => Key::Left,
        "ArrowRight" => Key::Right,
        "ArrowUp" => Key::Up,
        "Control" => Key::Control,
        "End" => Key::End,
        "Enter" => Key::Enter,
        "Escape" => Key::Escape,
        "F1" => Key::F1,
        "F5" => Key::F5,
        "F6" => Key::F6,
        "Home" => Key::Home,
        "Shift" => Key::Shift,
        "Tab" => Key::Tab,
        character => {
            let mut characters = character.chars();
            return characters.next().filter(|_| characters.next().is_none()).expect("a key");
        }
    };
    key.value()
}
