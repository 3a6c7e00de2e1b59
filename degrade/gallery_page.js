document.documentElement.classList.add("js");
document.addEventListener("input", ({ target }) => {
  if (target.matches(".compare input")) target.parentElement.style.setProperty("--cut", target.value + "%");
});
