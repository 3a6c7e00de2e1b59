document.documentElement.classList.add("js");
try { document.documentElement.dataset.theme = localStorage.getItem("foxing-theme") || ""; } catch { /* no storage, as in some browsers from disk */ }
