//! What a person sees in the window and does there.

mod keys;

use std::{fs, path::PathBuf, time::Duration};

use serde_json::{Value, json};
use thirtyfour::{Key, WebDriver, WebElement, error::WebDriverResult, session::scriptret::ScriptRet};
use tokio::time::{Instant, sleep};

use crate::{axe, stage::Stage, x11::Window};

/// How long something may take to appear; generous, for a machine that builds at the same time.
const PATIENCE: Duration = Duration::from_secs(20);

/// The page in the app's window.
pub(crate) struct Screen {
    driver: WebDriver,
    window: Option<Window>,
    pictures: PathBuf,
    bus: String,
}

impl Screen {
    /// Waits for the page of a new session.
    pub(crate) async fn new(driver: WebDriver, stage: &Stage) -> Self {
        driver.set_script_timeout(Duration::from_mins(1)).await.unwrap();
        let window = (!stage.is_wayland()).then(|| Window::titled(stage, "Latchkey"));
        let screen = Self { driver, window, pictures: stage.out(), bus: stage.bus_address().to_owned() };
        screen
            .until("the page is there", "return document.readyState === 'complete' && !!document.querySelector('h1')")
            .await;
        screen.driver.execute(axe::source(), vec![]).await.unwrap();
        screen
    }

    /// The app's window on the display.
    pub(crate) fn window(&self) -> &Window {
        self.window.as_ref().expect("a window of X11")
    }

    /// The address of the session bus.
    pub(crate) fn bus(&self) -> &str {
        &self.bus
    }

    // ---- finding

    /// The one element with this role and name, as soon as it is there.
    pub(crate) async fn get(&self, role: &str, name: &str) -> WebElement {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let mut found = self.find(Some(role), Some(name)).await;
            match found.len() {
                1 => return found.remove(0),
                count if Instant::now() > deadline => {
                    panic!("{count} times {role} \"{name}\" on this page:\n{}", self.outline().await)
                }
                _ => sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// Whether an element with this role and name is there now.
    pub(crate) async fn has(&self, role: &str, name: &str) -> bool {
        !self.find(Some(role), Some(name)).await.is_empty()
    }

    /// Waits until an element with this role and name is gone.
    pub(crate) async fn gone(&self, role: &str, name: &str) {
        let deadline = Instant::now() + PATIENCE;
        while self.has(role, name).await {
            assert!(Instant::now() < deadline, "{role} \"{name}\" does not go:\n{}", self.outline().await);
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until the toast goes by itself: one that the pointer is on is being read, and stays.
    pub(crate) async fn is_rid_of_toast(&self) {
        self.rest_pointer().await;
        self.gone("button", "Dismiss").await;
    }

    /// Waits until this text is shown.
    pub(crate) async fn sees(&self, text: &str) {
        let deadline = Instant::now() + PATIENCE;
        while !self.text().await.contains(text) {
            assert!(Instant::now() < deadline, "\"{text}\" is not shown:\n{}", self.outline().await);
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until a page with this heading is shown.
    pub(crate) async fn arrives_at(&self, heading: &str) {
        self.get("heading", heading).await;
    }

    /// The text that is shown now, runs of space made one.
    pub(crate) async fn text(&self) -> String {
        let text = self.run("return document.body.innerText", vec![]).await;
        text.as_str().unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What a field says is wrong with it.
    pub(crate) async fn complaint_of(&self, role: &str, name: &str) -> String {
        let field = self.get(role, name).await;
        let script = "const [field] = arguments;
            if (field.getAttribute('aria-invalid') !== 'true') return '';
            const ids = (field.getAttribute('aria-describedby') ?? '').split(/\\s+/).filter(Boolean);
            return ids.map((id) => document.getElementById(id)?.innerText ?? '').join(' ').trim();";
        let deadline = Instant::now() + PATIENCE;
        loop {
            let said = self.run(script, vec![field.to_json().unwrap()]).await;
            if let Some(said) = said.as_str().filter(|said| !said.is_empty()) {
                return said.to_owned();
            }
            assert!(Instant::now() < deadline, "{role} \"{name}\" does not complain:\n{}", self.outline().await);
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// What stands in a text field.
    pub(crate) async fn value(&self, name: &str) -> String {
        self.get("textbox", name).await.value().await.unwrap().unwrap_or_default()
    }

    // ---- doing

    /// Clicks what has this role and name.
    pub(crate) async fn press(&self, role: &str, name: &str) {
        // What is still moving in is not hit where it was found; a person clicks again, too.
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.get(role, name).await.click().await {
                Ok(()) => return,
                Err(error) => assert!(Instant::now() < deadline, "{role} \"{name}\" cannot be clicked: {error}"),
            }
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Empties a text field and types into it.
    pub(crate) async fn fill(&self, name: &str, text: &str) {
        let field = self.get("textbox", name).await;
        field.click().await.unwrap();
        field.send_keys(Key::Control + "a").await.unwrap();
        field.send_keys(Key::Backspace + text).await.unwrap();
        let typed = field.value().await.unwrap();
        assert_eq!(typed.as_deref(), Some(text), "what stands in \"{name}\"");
    }

    /// Drags with the mouse from the middle of an element.
    pub(crate) async fn drag(&self, element: &WebElement, right: i64, down: i64) {
        let chain = self.driver.action_chain().move_to_element_center(element).click_and_hold();
        chain.move_by_offset(right, down).release().perform().await.unwrap();
    }

    /// Gives an element the focus.
    pub(crate) async fn focus_on(&self, element: &WebElement) {
        element.focus().await.unwrap();
    }

    /// Opens the section at a place in the sidebar, whatever it is called: by its key, where there is a digit for it.
    pub(crate) async fn open_section(&self, number: usize) {
        self.key(&format!("Control+{}", number.min(9))).await;
        if number > 9 {
            let entry = format!("return document.querySelectorAll('nav.side button').length >= {number}");
            self.until("the sidebar is there", &entry).await;
            self.run(&format!("document.querySelectorAll('nav.side button')[{}].click()", number - 1), vec![]).await;
        }
    }

    // ---- looking

    /// Gives the page this size in CSS pixels.
    pub(crate) async fn resize(&self, width: u32, height: u32) {
        self.window().resize(width, height);
        let reached = format!("return innerWidth === {width} && innerHeight === {height}");
        self.until("the window has its size", &reached).await;
    }

    /// Moves the pointer out of the way, so that nothing is hovered over.
    async fn rest_pointer(&self) {
        self.driver.action_chain().move_to(2, 2).perform().await.unwrap();
    }

    /// Takes a picture of the page, when it has been drawn and nothing moves any more.
    pub(crate) async fn photograph(&self, name: &str) -> PathBuf {
        self.rest_pointer().await;
        self.settle().await;
        let file = self.pictures.join(name).with_extension("png");
        // WebKitGTK takes a picture with the next frame it draws, and draws none while nothing changes: something that
        // cannot be seen does.
        let flicker = "const dot = document.body.appendChild(document.createElement('div'));
            Object.assign(dot.style, { position: 'fixed', inset: '0 auto auto 0', width: '1px', height: '1px' });
            let on = false;
            window.flicker = setInterval(() => { dot.style.background = (on = !on) ? '#00000001' : '#00000000'; }, 16);
            window.stopFlicker = () => { clearInterval(window.flicker); dot.remove(); };";
        self.run(flicker, vec![]).await;
        let picture = self.driver.screenshot_as_png().await;
        self.run("window.stopFlicker()", vec![]).await;
        fs::write(&file, picture.unwrap()).unwrap();
        file
    }

    /// Waits until transitions have ended, pictures are decoded and two frames were drawn.
    pub(crate) async fn settle(&self) {
        let script = "const done = arguments[arguments.length - 1];
            const finite = document.getAnimations().filter((a) => a.effect?.getComputedTiming().endTime !== Infinity);
            const frame = () => new Promise(requestAnimationFrame);
            Promise.allSettled([document.fonts.ready, ...finite.map((a) => a.finished),
              ...[...document.images].map((image) => image.decode())]).then(frame).then(frame).then(() => done(null));";
        self.driver.execute_async(script, vec![]).await.unwrap();
    }

    /// Runs a script in the page and answers what it returns.
    pub(crate) async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        let answer = self.driver.execute(script, arguments).await;
        answer.unwrap_or_else(|error| panic!("{error} in {script}")).json().clone()
    }

    /// Runs a script that calls its last argument when it is done.
    pub(crate) async fn run_to_end(&self, script: &str) -> Value {
        self.driver.execute_async(script, vec![]).await.unwrap().json().clone()
    }

    /// Waits until a script returns true.
    pub(crate) async fn until(&self, what: &str, script: &str) {
        let deadline = Instant::now() + PATIENCE;
        while self.run(script, vec![]).await != json!(true) {
            assert!(Instant::now() < deadline, "not so: {what}\n{}", self.text().await);
            sleep(Duration::from_millis(25)).await;
        }
    }

    async fn find(&self, role: Option<&str>, name: Option<&str>) -> Vec<WebElement> {
        let answer = self.driver.execute(include_str!("locate.js"), vec![json!(role), json!(name)]).await;
        let elements: WebDriverResult<Vec<WebElement>> = answer.and_then(ScriptRet::elements);
        elements.unwrap_or_else(|error| panic!("looking for {role:?} {name:?}: {error}"))
    }

    /// What is on the page, for a message: roles and names of everything that has both, and the text.
    async fn outline(&self) -> String {
        let script = "axe.teardown(); axe.setup();
            try {
              return [...document.querySelectorAll('button,a,input,textarea,select,h1,h2,h3,[role]')]
                .filter((element) => axe.commons.dom.isVisibleToScreenReaders(element))
                .map((element) => `  ${axe.commons.aria.getRole(element)} \"${axe.commons.text.accessibleText(element)}\"`)
                .join('\\n');
            } finally { axe.teardown(); }";
        format!("{}\n  text: {}", self.run(script, vec![]).await.as_str().unwrap_or_default(), self.text().await)
    }
}

impl Drop for Screen {
    /// The session ends with the app, which the test closes the way a person does. Asked for over WebDriver, the app
    /// would be killed.
    fn drop(&mut self) {
        let _ = self.driver.clone().leak();
    }
}
