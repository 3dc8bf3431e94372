// Behaviour hangs on data- attributes; every page works without this file.
// data-sum, data-confirm, data-autosubmit, data-draft-url, data-formset, data-b2, data-print, data-dismiss, data-warn-unsaved, data-check-all, data-part-url, data-clean-url
"use strict";
document.documentElement.classList.add("has-js");

const all = (what, where = document) => [...where.querySelectorAll(what)];

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// ---------- Ask before what cannot be undone ----------
// On a form or its button: data-confirm="what will happen", optionally data-confirm-title, data-confirm-action, data-confirm-danger.
function ask(words) {
  return new Promise((answer) => {
    const title = make("h2", { id: "dlg-title", textContent: words.confirmTitle || "Xác nhận" });
    const yes = make("button", { type: "submit", value: "yes", className: "btn", textContent: words.confirmAction || "Đồng ý" });
    const no = make("button", { type: "submit", value: "no", className: "btn two", textContent: "Hủy", autofocus: true });
    const form = make("form", { method: "dialog" }, title, make("p", { textContent: words.confirm }), make("div", { className: "row" }, no, yes));
    const dialog = make("dialog", { className: "dlg" }, form);
    dialog.setAttribute("aria-labelledby", "dlg-title");
    if ("confirmDanger" in words) [dialog, yes].forEach((element) => element.classList.add("danger"));
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const words = [event.submitter, form].find((element) => element?.dataset.confirm)?.dataset;
  if (!words || form.dataset.confirmed || form.method === "dialog") return;
  event.preventDefault();
  if (!(await ask(words))) return;
  form.dataset.confirmed = "yes";
  form.requestSubmit(event.submitter);
  delete form.dataset.confirmed;
}, true);

// ---------- Filters ----------
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-autosubmit]") && event.target.matches("select, [type=checkbox], [type=radio], [type=date]")) form.requestSubmit();
});

// ---------- Small buttons ----------
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  const dismiss = event.target.closest("[data-dismiss]");
  if (dismiss) (dismiss.closest("li") || dismiss.closest(".msg")).remove();
});
all("[data-print]").forEach((button) => { button.hidden = false; });

// One box ticks the others: data-check-all="selector of the boxes"
all("[data-check-all]").forEach((master) => {
  const boxes = () => all(master.dataset.checkAll);
  const show = () => {
    const ticked = boxes().filter((box) => box.checked).length;
    master.checked = ticked > 0 && ticked === boxes().length;
    master.indeterminate = ticked > 0 && ticked < boxes().length;
  };
  master.addEventListener("change", () => {
    boxes().forEach((box) => { box.checked = master.checked; });
    show();
  });
  boxes().forEach((box) => box.addEventListener("change", show));
  show();
});

// On a phone the menu and the tabs scroll sideways: the present page's entry is in sight
all(".nav [aria-current], .tabs [aria-current]").forEach((entry) => {
  const strip = entry.parentElement;
  strip.scrollLeft = entry.offsetLeft - strip.offsetLeft - (strip.clientWidth - entry.offsetWidth) / 2;
});

// What is wrong is read first
all("[data-error-summary]").slice(0, 1).forEach((summary) => summary.focus());

// ---------- Drafts: what is typed is never lost ----------
const WAIT = 5000;

function typedIn(form) {
  const typed = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string" || name === "csrfmiddlewaretoken") continue;
    if (!(name in typed)) typed[name] = value;
    else typed[name] = [].concat(typed[name], value);
  }
  return typed;
}

all("form[data-draft-url]").forEach((form) => {
  const notes = all("[data-draft-note]");
  let timer = null;
  let waiting = false;
  let stopped = false;

  const say = (text, bad = false) => notes.forEach((note) => {
    note.hidden = false;
    note.textContent = text;
    note.classList.toggle("bad", bad);
  });

  async function save(leaving = false) {
    clearTimeout(timer);
    timer = null;
    if (!waiting || stopped) return;
    waiting = false;
    try {
      const answer = await fetch(form.dataset.draftUrl, {
        method: "POST",
        keepalive: leaving,
        headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
        body: JSON.stringify(typedIn(form)),
      });
      // a redirect here is the sign-in page: the session has ended
      if (answer.redirected || answer.status === 401 || answer.status === 403) {
        stopped = true;
        return say("Không lưu được nháp: phiên làm việc đã hết. Đăng nhập ở một thẻ khác rồi quay lại bấm lưu.", true);
      }
      // the server will not have it as it stands; the next thing typed tries again
      if (answer.status === 400) return say("Chưa lưu được nháp, sẽ thử lại khi nhập tiếp.", true);
      if (!answer.ok) throw new Error(answer.status);
      const { saved_at: time } = await answer.json();
      say(`Đã lưu nháp lúc ${time}`);
    } catch {
      waiting = true;
      timer ??= setTimeout(save, 3 * WAIT);
      say("Chưa lưu được nháp, đang thử lại. Đừng đóng trang.", true);
    }
  }

  form.addEventListener("input", () => {
    waiting = true;
    timer ??= setTimeout(save, WAIT);
  });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    clearTimeout(timer);
    timer = null;
    waiting = false;
  });
  document.addEventListener("visibilitychange", () => document.hidden && save(true));
});

// ---------- A section of a report: saved as it is typed, never over somebody else's words ----------
// form[data-part-url] with text and version: each save answers the version that stands now; 409: somebody else has saved.
all("form[data-part-url]").forEach((form) => {
  const note = form.querySelector("[data-part-note]");
  const { text, version } = form.elements;
  let timer = null;
  let sending = null;
  let kept = text.value;
  let stopped = false;
  const say = (words) => { note.textContent = words; };

  async function send(leaving) {
    const typed = text.value;
    try {
      const answer = await fetch(form.dataset.partUrl, {
        method: "POST",
        keepalive: leaving && typed.length < 15000,
        headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
        body: JSON.stringify({ text: typed, version: version.value }),
      });
      if (answer.redirected || answer.status === 401 || answer.status === 403) {
        stopped = true;
        return say("Chưa lưu được: phiên làm việc đã hết. Đăng nhập ở một thẻ khác rồi quay lại bấm Lưu.");
      }
      if (answer.status === 409) {
        stopped = true;
        return say("Người khác vừa sửa phần này, chưa ghi đè. Bấm Lưu để xem hai bản cạnh nhau.");
      }
      const told = await answer.json();
      if (answer.status === 400) return say(told.error);
      if (!answer.ok) throw new Error(answer.status);
      kept = typed;
      version.value = told.version;
      say(`Đã lưu lúc ${told.saved_at}`);
    } catch {
      say("Chưa lưu được, đang thử lại. Đừng đóng trang.");
      timer ??= setTimeout(save, 3 * WAIT);
    }
  }

  async function save(leaving = false) {
    clearTimeout(timer);
    timer = null;
    if (stopped || text.value === kept) return;
    if (sending) {
      timer = setTimeout(save, WAIT);
      return;
    }
    sending = send(leaving === true);
    await sending;
    sending = null;
  }

  text.addEventListener("input", () => { timer ??= setTimeout(save, WAIT); });
  document.addEventListener("visibilitychange", () => document.hidden && save(true));
  // what is on its way is waited for: else the page's own save would meet it as somebody else's
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    timer = null;
    if (!sending) { kept = text.value; return; }
    event.preventDefault();
    await sending;
    form.requestSubmit(event.submitter);
  });
});

// What a word processor puts on the clipboard becomes the plain text that is kept
all("textarea[data-clean-url]").forEach((box) => {
  box.addEventListener("paste", async (event) => {
    const pasted = event.clipboardData?.getData("text/html");
    if (!pasted) return;
    const plain = event.clipboardData.getData("text/plain");
    event.preventDefault();
    const put = (words) => {
      box.setRangeText(words, box.selectionStart, box.selectionEnd, "end");
      box.dispatchEvent(new Event("input", { bubbles: true }));
    };
    try {
      const answer = await fetch(box.dataset.cleanUrl, {
        method: "POST",
        headers: { "Content-Type": "text/html", "X-CSRFToken": box.form.elements.csrfmiddlewaretoken.value },
        body: pasted,
      });
      put(answer.ok ? (await answer.json()).text : plain);
    } catch {
      put(plain);
    }
  });
});

// ---------- Leaving with something typed ----------
all("form[data-warn-unsaved]").forEach((form) => {
  let typed = false;
  form.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", (event) => { if (!event.defaultPrevented) typed = false; });
  window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
});

// ---------- Rows of a formset ----------
// [data-formset=prefix] holds [data-formset-rows], <template data-formset-row>, [data-formset-add] and rows [data-formset-item].
all("[data-formset]").forEach((box) => {
  const prefix = box.dataset.formset;
  const total = box.querySelector(`[name="${prefix}-TOTAL_FORMS"]`);
  const most = Number(box.querySelector(`[name="${prefix}-MAX_NUM_FORMS"]`)?.value || 1000);
  const rows = box.querySelector("[data-formset-rows]");
  const template = box.querySelector("template");
  const add = box.querySelector("[data-formset-add]");

  // a row marked for removal stays and is crossed out: the server takes it away, and the mark can be taken back
  const mark = (row) => {
    const gone = row?.querySelector(`[name$="-DELETE"]`);
    if (gone) row.classList.toggle("gone", gone.checked);
  };
  all("[data-formset-item]", box).forEach(mark);
  box.addEventListener("change", (event) => mark(event.target.closest("[data-formset-item]")));

  if (!add || !template || !total) return;
  add.hidden = Number(total.value) >= most;
  add.addEventListener("click", () => {
    const number = Number(total.value);
    const holder = make("div", { innerHTML: template.innerHTML.replaceAll("__prefix__", number) });
    const row = holder.firstElementChild;
    rows.append(row);
    total.value = number + 1;
    add.hidden = number + 1 >= most;
    row.querySelector("input:not([type=hidden]), select")?.focus();
    row.dispatchEvent(new Event("input", { bubbles: true }));
  });
});

// ---------- Form B: B2 as the boxes stand ----------
// Ten points for each indicator answered 'yes'. [data-b2] shows the sum, [data-b2-left] how many of the twelve wait.
const POINTS = 10;
const indicators = all(".ind").filter((group) => group.querySelector("input[type=radio]"));
if (indicators.length) {
  const show = () => {
    const lacks = indicators.filter((group) => group.querySelector("input[value=yes]:checked")).length;
    const left = indicators.filter((group) => !group.querySelector("input[type=radio]:checked")).length;
    all("[data-b2]").forEach((place) => { place.textContent = String(POINTS * lacks); });
    all("[data-b2-left]").forEach((place) => { place.textContent = left ? `còn ${left} chỉ số chưa chọn` : "đã chọn đủ 12 chỉ số"; });
  };
  document.addEventListener("change", show);
  show();
}

// ---------- Files too large ----------
// [data-most-bytes] is said before the file has been sent; the server says it too.
all("input[type=file][data-most-bytes]").forEach((input) => {
  input.addEventListener("change", () => {
    const most = Number(input.dataset.mostBytes);
    const large = input.files[0] && input.files[0].size > most;
    input.setCustomValidity(large ? `Tệp lớn hơn ${Math.round(most / 1048576)} MB. Hãy chia thành nhiều tệp nhỏ hơn.` : "");
    input.reportValidity();
  });
  input.form.addEventListener("submit", (event) => {
    if (!input.checkValidity() && input.validity.customError) { event.preventDefault(); input.reportValidity(); }
  });
});

// ---------- Work that goes on elsewhere ----------
// [data-reload=seconds] looks again while it is on the page, unless something is open or typed.
all("[data-reload]").slice(0, 1).forEach((box) => {
  setInterval(() => {
    if (!document.hidden && !document.querySelector("dialog[open]")) window.location.reload();
  }, 1000 * Number(box.dataset.reload));
});

// ---------- Sums as one types ----------
// Boxes with data-sum="name" are added into <output data-sum-of="name">; numbers are written 1.259 or 1259.
function addUp() {
  all("[data-sum-of]").forEach((total) => {
    const boxes = all(`[data-sum="${total.dataset.sumOf}"]`).map((box) => box.value.trim()).filter(Boolean);
    const numbers = boxes.map((text) => Number(text.replace(/\.(?=\d{3}(\D|$))/g, "").replace(",", ".")));
    const sum = numbers.reduce((one, two) => one + two, 0);
    total.textContent = !boxes.length ? "–" : Number.isNaN(sum) ? "?" : sum.toLocaleString("vi-VN");
  });
}
document.addEventListener("input", (event) => { if (event.target.matches("[data-sum]")) addUp(); });
addUp();
