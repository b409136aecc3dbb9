(function () {
  "use strict";
  var root = document.documentElement;
  function all(selector, within) {
    return Array.prototype.slice.call((within || document).querySelectorAll(selector));
  }
  function make(text, name) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = name;
    button.textContent = text;
    return button;
  }
  root.classList.add("js");
  all(".tools").forEach(function (tools) { tools.hidden = false; });

  var themes = { auto: "自动", dark: "深色", light: "浅色" };
  var order = Object.keys(themes);
  var theme = document.getElementById("theme");
  theme.addEventListener("click", function () {
    var next = order[(order.indexOf(root.getAttribute("data-theme") || "auto") + 1) % order.length];
    root.setAttribute("data-theme", next);
    theme.textContent = "配色：" + themes[next];
  });
  document.getElementById("print").addEventListener("click", function () { window.print(); });

  function unfold(button, act) {
    button.addEventListener("click", function () {
      var open = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(open));
      button.textContent = open ? "全部收起" : "全部展开";
      act(open);
    });
  }

  all("table.found").forEach(function (table) {
    var bodies = all("tbody", table);
    var tools = table.previousElementSibling;
    var told = tools && tools.querySelector(".told");
    function toggle(body, open) {
      body.classList.toggle("open", open);
      body.querySelector("button.t").setAttribute("aria-expanded", String(open));
    }
    bodies.forEach(function (body) {
      var title = body.querySelector(".t");
      var button = make(title.textContent, "t");
      button.setAttribute("aria-controls", body.querySelector(".more").id);
      title.parentNode.replaceChild(button, title);
      button.addEventListener("click", function () { toggle(body, !body.classList.contains("open")); });
      toggle(body, false);
    });
    all("th[data-sort]", table).forEach(function (head) {
      var key = head.getAttribute("data-sort");
      var button = make(head.textContent, "sort");
      head.textContent = "";
      head.appendChild(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending";
        all("th[data-sort]", table).forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        bodies.sort(function (a, b) {
          var one = a.dataset[key], two = b.dataset[key];
          var least = key === "w" ? (one < two ? -1 : one > two ? 1 : 0) : one - two;
          return (down ? -least : least) || a.dataset.n - b.dataset.n;
        }).forEach(function (body) { table.appendChild(body); });
      });
    });
    if (!told) { return; }
    var boxes = all("input", tools);
    boxes.forEach(function (box) {
      box.addEventListener("change", function () {
        var wanted = boxes.filter(function (b) { return b.checked; }).map(function (b) { return b.value; });
        bodies.forEach(function (body) { body.hidden = wanted.indexOf(body.dataset.severity) < 0; });
        var shown = bodies.filter(function (body) { return !body.hidden; }).length;
        told.textContent = shown === bodies.length ? "" : "显示 " + shown + "/" + bodies.length + " 处";
      });
    });
    unfold(tools.querySelector(".unfold"), function (open) {
      bodies.forEach(function (body) { toggle(body, open); });
    });
  });

  var branches = all("details.branch");
  var seek = document.getElementById("seek");
  if (seek) {
    var names = branches.map(function (branch) { return branch.querySelector("summary").textContent; });
    seek.addEventListener("input", function () {
      var shown = 0;
      branches.forEach(function (branch, at) {
        branch.hidden = names[at].indexOf(seek.value.trim()) < 0;
        shown += branch.hidden ? 0 : 1;
      });
      document.getElementById("sought").textContent = "显示 " + shown + "/" + branches.length + " 个";
    });
  }
  var whole = document.getElementById("unfold");
  if (whole) {
    unfold(whole, function (open) { branches.forEach(function (branch) { branch.open = open; }); });
  }
  function reveal() {
    var target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (target && target.tagName === "DETAILS") { target.open = true; }
  }
  window.addEventListener("hashchange", reveal);
  reveal();
})();
