// Before the first paint, and a file of its own because the page's policy allows no script inside it.
(function () {
  var root = document.documentElement;
  var isDark = true;
  try {
    isDark = matchMedia('(prefers-color-scheme: dark)').matches;
    var chosen = localStorage.getItem('obt-theme');
    if (chosen === 'dark' || chosen === 'light') isDark = chosen === 'dark';
    var told = JSON.parse(localStorage.getItem('obt-preferences') || '{}');
    if (told.density === 'compact') root.dataset.density = 'compact';
  } catch {
    // A browser that keeps nothing shows what its system wants.
  }
  root.classList.toggle('dark', isDark);
})();
