// Finds elements the way a person who listens to the page does: by role and name, both as axe-core computes them.
// Only what can be perceived counts; where a modal dialog is open, only what is in it.
//
// arguments: role or null, name (exact) or null
const [role, name] = arguments;
const dialogs = document.querySelectorAll('dialog:modal');
const scope = dialogs.length ? dialogs[dialogs.length - 1] : document.body;
const plain = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
axe.teardown();
axe.setup();
try {
  const { aria, dom, text } = axe.commons;
  return [scope, ...scope.querySelectorAll('*')].filter(
    (element) =>
      (!role || aria.getRole(element) === role) &&
      dom.isVisibleToScreenReaders(element) &&
      !element.closest('[inert]') &&
      (name === null || plain(text.accessibleText(element)) === name),
  );
} finally {
  axe.teardown();
}
