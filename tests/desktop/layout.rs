//! What does not fit into the window.

use crate::screen::Screen;

/// What is wider than the window, and texts that run out of their box, are cut off without a sign of it or squeezed; one a line,
/// nothing where all fits.
pub(crate) async fn troubles(screen: &Screen) -> String {
    screen.settle().await;
    let script = "const page = document.scrollingElement, troubles = [];
        const name = (e) => `${e.tagName.toLowerCase()}.${e.className} ${JSON.stringify(e.textContent.trim().slice(0, 60))}`;
        if (page.scrollWidth > innerWidth) {
          troubles.push(`the page is ${page.scrollWidth} wide, the window ${innerWidth}`);
        }
        // What scrolls down does not scroll sideways as well (WCAG 2.2, 1.4.10).
        for (const part of document.querySelectorAll('.sheet, .side, .scroll, .menu, dialog, dialog > .body')) {
          if (part.scrollWidth > part.clientWidth + 1) {
            troubles.push(`${part.className} is ${part.scrollWidth} wide, and shows ${part.clientWidth}`);
          }
        }
        for (const element of document.querySelectorAll('body *')) {
          const style = getComputedStyle(element), box = element.getBoundingClientRect();
          // What is there for screen readers alone is one pixel.
          if (box.width <= 1 || box.height <= 1 || element.closest('[hidden], [inert], svg')) continue;
          const ownText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
          if (!ownText) continue;
          // Broken after every letter or two.
          const size = parseFloat(style.fontSize);
          if (element.textContent.trim().length > 6 && box.width < 2 * size && box.height > 5 * size) {
            troubles.push(`squeezed: ${name(element)}`);
          }
          // What runs past its own box comes to lie below what is beside it.
          const past = style.display !== 'inline' && element.scrollWidth > element.clientWidth + 1;
          if (past && style.overflowX === 'visible') troubles.push(`runs out: ${name(element)}`);
          const clips = ['hidden', 'clip'].includes(style.overflowX) && style.textOverflow !== 'ellipsis';
          if (clips && element.scrollWidth > element.clientWidth + 1) troubles.push(`cut off: ${name(element)}`);
        }
        return troubles.join('\\n');";
    screen.run(script, vec![]).await.as_str().unwrap_or_default().to_owned()
}
