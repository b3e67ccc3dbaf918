// Keys: everything can be done without a pointer.

const onKeys = (actions) => {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    const { target } = event;
    if (target.matches('input, select, textarea')) {
      if (event.key === 'Escape') target.blur();
      return;
    }
    // A button takes Enter and blank for itself.
    if (target.matches('button, summary') && ['Enter', ' '].includes(event.key)) return;
    const act = actions[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
};
