"use strict";
(() => {
  const form = document.getElementById("filter");
  const holder = document.getElementById("groups");
  const shown = document.getElementById("shown");
  const groups = [...holder.querySelectorAll(".group")].map((element) => ({
    element,
    section: element.dataset.section,
    rows: [...element.querySelectorAll("details.row")],
  }));
  const texts = new Map();

  const textOf = (row) => {
    if (!texts.has(row)) {
      const parts = [row.querySelector("summary"), ...row.querySelectorAll(".inside > .text, .facts")];
      texts.set(row, parts.map((part) => part.textContent).join(" ").toLowerCase());
    }
    return texts.get(row);
  };

  const read = () => {
    const data = new FormData(form);
    return {
      words: data.get("q").trim().toLowerCase().split(/\s+/).filter(Boolean),
      section: data.get("section"),
      order: data.get("order"),
      outcomes: data.getAll("outcome"),
      severities: data.getAll("severity"),
    };
  };

  const wanted = (row, filter) =>
    (!filter.outcomes.length || filter.outcomes.includes(row.dataset.outcome)) &&
    (!filter.severities.length || filter.severities.includes(row.dataset.severity)) &&
    filter.words.every((word) => textOf(row).includes(word));

  const byPlace = (one, other) => one.dataset.place - other.dataset.place;
  const byRank = (one, other) => one.dataset.rank - other.dataset.rank || byPlace(one, other);
  let ordered = "";
  const arrange = (order) => {
    if (order === ordered) return;
    ordered = order;
    const compare = order === "spec" ? byPlace : byRank;
    for (const group of groups) group.element.append(...group.rows.sort(compare));
    holder.append(...groups.map((group) => group.element).sort(compare));
  };

  const apply = () => {
    const filter = read();
    let count = 0;
    let total = 0;
    for (const group of groups) {
      let inside = 0;
      for (const row of group.rows) {
        total += 1;
        const visible = (!filter.section || filter.section === group.section) && wanted(row, filter);
        row.hidden = !visible;
        inside += visible ? 1 : 0;
      }
      group.element.hidden = !inside;
      count += inside;
    }
    arrange(filter.order);
    shown.textContent = count === total ? `All ${total} rows shown` : `${count} of ${total} rows shown`;
  };

  const remember = () => {
    const kept = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value) kept.append(name, value);
    const text = kept.toString();
    history.replaceState(null, "", text ? `#?${text}` : location.pathname + location.search);
  };

  const restore = () => {
    const kept = new URLSearchParams(location.hash.slice(2));
    for (const field of form.elements) {
      if (!field.name) continue;
      if (field.type === "checkbox") field.checked = kept.getAll(field.name).includes(field.value);
      else field.value = kept.get(field.name) ?? "";
      if (field.tagName === "SELECT" && field.selectedIndex < 0) field.selectedIndex = 0;
    }
    apply();
  };

  const reveal = () => {
    let name = location.hash.slice(1);
    try {
      name = decodeURIComponent(name);
    } catch {
      return;
    }
    const place = name && document.getElementById(name);
    if (!place) return;
    if (place.closest("[hidden]")) {
      form.reset();
      apply();
    }
    if (place.tagName === "DETAILS") place.open = true;
    place.scrollIntoView();
  };

  const followHash = () => (location.hash.startsWith("#?") ? restore() : reveal());

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    apply();
    remember();
  });
  form.addEventListener("reset", () =>
    setTimeout(() => {
      apply();
      remember();
    }),
  );
  const openAll = (open) => {
    for (const row of holder.querySelectorAll("details.row")) {
      if (!open || !row.closest("[hidden]")) row.open = open;
    }
  };
  document.getElementById("open-all").addEventListener("click", () => openAll(true));
  document.getElementById("close-all").addEventListener("click", () => openAll(false));

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...holder.querySelectorAll("details.failed-error:not([open]), details.failed-warning:not([open])")];
    for (const row of opened) row.open = true;
  });
  addEventListener("afterprint", () => {
    for (const row of opened) row.open = false;
  });

  form.hidden = false;
  apply();
  followHash();
  addEventListener("hashchange", followHash);
})();
