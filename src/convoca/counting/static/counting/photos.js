/* Photos are made smaller on the phone and sent one by one; after a cut the rest goes on. Without
   this script the form sends all of them at once. The server knows a photo that it has already. */
(function () {
  const form = document.querySelector("form[data-photos]");
  if (!form || !window.fetch || !window.createImageBitmap) return;
  const says = form.querySelector("[data-progress]"), most = 2400;
  const pause = (ms) => new Promise((done) => {
    const timer = setTimeout(done, ms);
    window.addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true });
  });
  /* A JPEG of at most 2400 pixels; what this browser cannot read is sent as it is. */
  async function small(file) {
    try {
      const image = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, most / Math.max(image.width, image.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(image.width * scale);
      canvas.height = Math.round(image.height * scale);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      return blob && blob.size < file.size ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
    } catch { return file; }
  }
  async function send(file) {
    const body = new FormData(form);
    body.set("photos", await small(file));
    for (;;) {
      try {
        const answer = await fetch(form.action, { method: "POST", body: body, headers: { Accept: "application/json" } });
        if (answer.status < 429) return (await answer.json()).error;
      } catch { /* no net: try again */ }
      says.textContent = says.dataset.waiting;
      await pause(10000);
    }
  }
  form.addEventListener("submit", async (event) => {
    const files = [...form.elements.photos.files];
    if (!files.length || !form.elements.agreed.checked) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    const wrong = [];
    for (const [index, file] of files.entries()) {
      says.textContent = says.dataset.sending.replace("{number}", index + 1).replace("{all}", files.length);
      let error;
      try { error = await send(file); } catch { form.submit(); return; }
      if (error) wrong.push(file.name + ": " + error);
    }
    delete form.dataset.busy;
    if (!wrong.length) { location.assign(location.pathname); return; }
    says.textContent = wrong.join(" ");
    form.elements.photos.value = "";
  });
})();
