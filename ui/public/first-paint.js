// Runs before the first paint, ahead of the modules: the stored theme and text size (src/lib/appearance.svelte.ts).
(() => {
    const root = document.documentElement;
    const theme = localStorage.getItem('latchkey.theme');
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
    const percent = Number(localStorage.getItem('latchkey.text-size'));
    if (percent >= 80 && percent <= 200) root.style.fontSize = `${percent}%`;
})();
