// Before the first paint, and a file of its own because the page's policy allows no script inside it.
try {
  if (localStorage.getItem('obt-theme') === 'light') document.documentElement.classList.remove('dark');
} catch {
  // A browser that keeps nothing shows the dark theme.
}
