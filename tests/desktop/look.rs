//! How the page looks: as somebody chose it, and as the desktop asks for it.

use serde_json::json;

use crate::{appearance, screen::Screen};

impl Screen {
    /// Sets the theme as the stored choice does, or follows the system again.
    pub(crate) async fn set_theme(&self, theme: Option<&str>) {
        let script = "const [theme] = arguments;
            if (theme) document.documentElement.dataset.theme = theme; else delete document.documentElement.dataset.theme;";
        self.run(script, vec![json!(theme)]).await;
    }

    /// Sets the size of text in percent, as the stored choice does.
    pub(crate) async fn set_text_size(&self, percent: u32) {
        self.run(&format!("document.documentElement.style.fontSize = '{percent}%'"), vec![]).await;
    }

    /// Sets the text so large that there is the width of the smallest window with text of twice its size (20 rem).
    pub(crate) async fn set_text_for_least_room(&self) {
        let script = "document.documentElement.style.fontSize = `${innerWidth / 3.2}%`";
        self.run(script, vec![]).await;
    }

    /// Sets letters, words, lines and paragraphs as far apart as WCAG 2.2, 1.4.12 has it, or as usual.
    pub(crate) async fn set_spacing(&self, wide: bool) {
        let script = "const [wide] = arguments, sheet = new CSSStyleSheet();
            sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
              p { margin-bottom: 2em !important; }`);
            document.adoptedStyleSheets = wide ? [sheet] : [];";
        self.run(script, vec![json!(wide)]).await;
    }

    /// Waits until the page has more contrast, or no more than usual, because the portal of the desktop says so.
    pub(crate) async fn set_contrast(&self, more: bool) {
        appearance::says(self.bus(), "contrast", u32::from(more)).await;
        self.until("the page has that contrast", &format!("return {} === {more}", appearance::MORE_CONTRAST)).await;
    }
}
